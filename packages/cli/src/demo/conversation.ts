import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { setTimeout as delay } from 'node:timers/promises'
import type { Scenario, Step } from './scenarios.js'

/** Milliseconds an agent takes to think before its next request. */
const thinking = { least: 150, most: 900 }

/** Plays one scenario with a real client, as an agent's host would. A failing request is part of the story. */
export async function converse(scenario: Scenario, transport: Transport, signal: AbortSignal): Promise<void> {
  const client = new Client(scenario.client)
  await client.connect(transport)
  try {
    await client.listTools()
    for (const step of scenario.steps) {
      await delay(thinking.least + Math.random() * (thinking.most - thinking.least), undefined, { signal })
      await request(client, step)
    }
  } finally {
    await client.close()
  }
}

async function request(client: Client, step: Step): Promise<void> {
  try {
    if ('tool' in step)
      await client.callTool({ name: step.tool, arguments: { ...step.arguments, context: step.intent } })
    else if ('prompt' in step) await client.getPrompt({ name: step.prompt, arguments: step.arguments })
    else await client.readResource({ uri: step.resource })
  } catch (error) {
    // A protocol error is an answer (an unknown tool, say); a lost connection is not.
    if (!(error instanceof Error && 'code' in error)) throw error
  }
}
