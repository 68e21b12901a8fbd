import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { protocolHookKey, rewriteSource, thrownHookKey } from './rewrite-source.js'

const require = createRequire(import.meta.url)

/** Runs a source, rewritten, and answers what the hook was called with. */
function hooked(source: string): unknown[] {
  const instances: unknown[] = []
  const rewritten = rewriteSource(source)
  if (rewritten === undefined) throw new Error('nothing was inserted')
  // Its own global object, as a real process has.
  runInNewContext(`globalThis[Symbol.for(${JSON.stringify(protocolHookKey.description)})] = hook;${rewritten}`, {
    hook: (instance: unknown) => instances.push(instance),
  })
  return instances
}

describe('the source-text hook', () => {
  it.each([
    ['a constructor', 'class P { constructor() { this._requestHandlerAbortControllers = new Map(); } }; new P()'],
    [
      'a minified constructor',
      'class P{constructor(){this.a=1,this._requestHandlerAbortControllers=new Map,this.b=2}}new P',
    ],
    ['a class field', 'class P { _requestHandlerAbortControllers = /* @__PURE__ */ new Map(); }; new P()'],
    ['a minified class field', 'class P{a=1;_requestHandlerAbortControllers=new Map;b=2}new P'],
    [
      'a lowered class field',
      'const f=(o,k,v)=>o[k]=v;class P{constructor(){f(this,"_requestHandlerAbortControllers",new Map)}}new P',
    ],
    [
      'a defined property',
      `class P{constructor(){Object.defineProperty(this, '_requestHandlerAbortControllers', { value: new Map() })}}new P`,
    ],
    ['a function of old', 'function P(){this._requestHandlerAbortControllers=new Map}new P'],
    ['McpServer', 'class M { setToolRequestHandlers() { return 1 } }; new M().setToolRequestHandlers()'],
  ])('calls the hook with the instance in %s', (_form, source) => {
    expect(hooked(source)).toHaveLength(1)
  })

  it('leaves the value of what it is inserted into', () => {
    const source = 'class P{_requestHandlerAbortControllers=a??b}; result = new P()._requestHandlerAbortControllers'
    const context = { a: undefined, b: 'kept', result: '' }
    runInNewContext(rewriteSource(source) ?? '', context)
    expect(context.result).toBe('kept')
  })

  it.each([
    [
      'as written',
      'catch (error) { if (error instanceof UserError) { return { content: [], isError: true } } return 1 }',
    ],
    ['minified', 'catch(a){if(a instanceof e.U)return{content:[],isError:!0};return 1}'],
    ['lowered', 'catch(a){if(a instanceof e.U)return Object({content:[],isError:!0});return 1}'],
  ])('tells what fastmcp swallows, %s', (_form, handler) => {
    const source = `e={U:UserError};log='[FastMCP error]';class S{run(t){try{throw t}${handler}}}`
    const noted: unknown[][] = []
    const results: unknown[] = []
    runInNewContext(
      `class UserError{};globalThis[Symbol.for('${thrownHookKey.description}')]=hook;${rewriteSource(source)};` +
        'session=new S();results.push(session.run(7),session.run(new UserError()).content.length);hooked=session',
      { hook: (...given: unknown[]) => noted.push(given), results },
    )
    expect(results).toEqual([1, 0])
    expect(noted).toHaveLength(2)
    expect(noted[0]).toEqual([expect.objectContaining({}), 7])
    expect(noted[0]?.[0]).toBe(noted[1]?.[0])
  })

  it('lets fastmcp be when nobody listens, and inserts once', () => {
    const source = `log='[FastMCP error]';try{x()}catch(a){if(a instanceof Error)return{content:1}}`
    const once = rewriteSource(`function run(x){${source}}result=run(()=>{throw new Error()}).content`)
    expect(rewriteSource(once ?? '')).toBeUndefined()
    const context = { result: 0 }
    runInNewContext(once ?? '', context)
    expect(context.result).toBe(1)
  })

  it.each([
    ['a handler of others', 'try{x()}catch(e){if(e instanceof Y)return{content:[]}}'],
    ['another catch of fastmcp', `'[FastMCP error]';try{x()}catch(e){if(e instanceof Y)throw e}`],
    ['a read', 'this._requestHandlerAbortControllers.get(1)'],
    ['a comparison', 'this._requestHandlerAbortControllers == x'],
    ['another object', 'other._requestHandlerAbortControllers = x'],
    ['a longer name', 'this.my_requestHandlerAbortControllers = x'],
    ['a call', 'this.setToolRequestHandlers()'],
    ['something else', 'export const x = 1'],
  ])('inserts nothing into %s', (_form, source) => {
    expect(rewriteSource(source)).toBeUndefined()
  })

  it('inserts once, however often it is run', () => {
    const once = rewriteSource('class P { _requestHandlerAbortControllers = new Map() }')
    expect(once).toBeDefined()
    expect(rewriteSource(once ?? '')).toBeUndefined()
  })

  it.each(['"', "'", '`'])('keeps a source valid that quotes the SDK in %s', (quote) => {
    const source = `result = ${quote}class P { x() { this._requestHandlerAbortControllers = new Map() } }${quote}`
    const context = { result: '' }
    runInNewContext(rewriteSource(source) ?? '', context)
    expect(context.result).toContain('new Map()')
  })

  it('takes bytes as well as text', () => {
    const source = 'class P { _requestHandlerAbortControllers = new Map() }'
    const bytes = new TextEncoder().encode(source)
    expect(rewriteSource(bytes)).toBe(rewriteSource(source))
    expect(rewriteSource(bytes.buffer)).toBe(rewriteSource(source))
  })

  it.each([
    ['v1, ES module', '@modelcontextprotocol/sdk/shared/protocol.js'],
    ['v2', '@modelcontextprotocol/server'],
  ])('moves no line of the SDK %s', (_sdk, name) => {
    const entry = require.resolve(name)
    const file = name.endsWith('.js') ? entry : sharedChunk(entry)
    const source = readFileSync(file, 'utf8')
    const rewritten = rewriteSource(source)
    expect(rewritten?.split('\n')).toHaveLength(source.split('\n').length)
  })
})

/** The chunk of v2 that holds Protocol; its name changes with every release. */
function sharedChunk(entry: string): string {
  const chunk = /\.\/src-[^'"]+/.exec(readFileSync(entry, 'utf8'))?.[0]
  if (chunk === undefined) throw new Error(`${entry} imports no chunk`)
  return join(dirname(entry), chunk)
}
