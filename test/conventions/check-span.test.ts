import { describe, expect, it } from 'vitest'
import { checkLean, checkSpan, type CheckedSpan } from './check-span.js'

const toolCall: CheckedSpan = {
  name: 'tools/call echo',
  kind: 1,
  status: { code: 0 },
  attributes: {
    'mcp.method.name': 'tools/call',
    'gen_ai.tool.name': 'echo',
    'gen_ai.operation.name': 'execute_tool',
    'jsonrpc.request.id': '1',
    'mcp.protocol.version': '2025-11-25',
    'network.transport': 'pipe',
  },
}

function changed(attributes: Record<string, unknown>, rest: Partial<CheckedSpan> = {}): CheckedSpan {
  return { ...toolCall, ...rest, attributes: { ...toolCall.attributes, ...attributes } }
}

describe('the conventions', () => {
  it('accept a span that keeps them', () => {
    expect(checkSpan(toolCall)).toEqual([])
    expect(checkLean(toolCall)).toEqual([])
  })

  it.each<[string, CheckedSpan]>([
    ['a numeric request id', changed({ 'jsonrpc.request.id': 1 })],
    ['a resource URI in the name', changed({}, { name: 'tools/call echo file:///x' })],
    ['an invented session id on stdio', changed({ 'mcp.session.id': 'x' })],
    ['an error without a status', changed({ 'error.type': 'tool_error' })],
    ['the caller’s fault taken as an error', changed({ 'rpc.response.status_code': '-32602', 'error.type': '-32602' })],
    ['a status OK', changed({}, { status: { code: 1 } })],
    ['an operation on another method', changed({ 'mcp.method.name': 'ping' }, { name: 'ping' })],
    ['a notification with an id', changed({ 'mcp.method.name': 'notifications/initialized' })],
    ['JSON-RPC 2.0 said aloud', changed({ 'jsonrpc.protocol.version': '2.0' })],
    ['a server’s address on a server span', changed({ 'server.address': 'localhost' })],
    ['an internal span', changed({}, { kind: 0 })],
  ])('refuse %s', (_what, span) => {
    expect(checkSpan(span)).not.toEqual([])
  })

  it('count the same code as an error on a client span', () => {
    const span = changed({ 'rpc.response.status_code': '-32602' }, { kind: 2 })
    expect(checkSpan(span)).toContain('the JSON-RPC error -32602 needs error.type')
    const kept = changed(
      { 'rpc.response.status_code': '-32602', 'error.type': '-32602' },
      { kind: 2, status: { code: 2 } },
    )
    expect(checkSpan(kept)).toEqual([])
  })
})
