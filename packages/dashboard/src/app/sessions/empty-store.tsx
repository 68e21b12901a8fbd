import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { CopyButton } from '../parts/copy-button.js'
import { PlainText } from '../parts/json-view.js'
import { getConfig } from '../state/api-client.js'

/** What stands before the first span: where to send them, and three ways to do it. */
export function EmptyStore(): VNode {
  const [endpoint, setEndpoint] = useState<string | null>(null)
  useEffect(() => void getConfig().then(({ collectorEndpoint }) => setEndpoint(collectorEndpoint)), [])
  if (endpoint === null) return <div class="empty" />
  return (
    <div class="empty">
      <p class="muted">
        The collector takes OTLP at <code>{endpoint}</code>. Start your server in one of these ways and use it once: its
        first session appears here by itself.
      </p>
      <ol class="ways">
        {ways(endpoint).map(({ title, note, code }) => (
          <li key={title} class="way">
            <div class="way-head">
              <div>
                <h2>{title}</h2>
                <p class="muted">{note}</p>
              </div>
              <CopyButton text={code} />
            </div>
            <PlainText text={code} />
          </li>
        ))}
      </ol>
      <p class="waiting" role="status">
        <span class="dot active" />
        Waiting for the first span
      </p>
    </div>
  )
}

function ways(endpoint: string): { title: string; note: string; code: string }[] {
  return [
    {
      title: 'Without touching the code',
      note: 'One flag on the command that starts the server, whichever MCP SDK it uses.',
      code: `MCPCAT_ENDPOINT=${endpoint} node --require @mcpcat/register server.js`,
    },
    {
      title: 'With the TracerProvider you have',
      note: 'Your spans keep going where they go today; MCPcat gets its own copy.',
      code: `import { McpcatSpanExporter, McpcatSpanProcessor } from '@mcpcat/exporter'
import { McpInstrumentation } from '@mcpcat/instrumentation-mcp'

const sdk = new NodeSDK({
  instrumentations: [new McpInstrumentation()],
  spanProcessors: [
    ...yourSpanProcessors,
    new McpcatSpanProcessor(new McpcatSpanExporter({ endpoint: '${endpoint}' })),
  ],
})
sdk.start()`,
    },
    {
      title: 'By an explicit call',
      note: 'For bundled servers, or to instrument one server object and no other.',
      code: `import { instrumentServer } from '@mcpcat/instrumentation-mcp'

const server = new McpServer({ name: 'my-server', version: '1.0.0' })
instrumentServer(server)`,
    },
  ]
}
