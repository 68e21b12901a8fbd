import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { extname, join } from 'node:path'
import { text } from 'node:stream/consumers'

/** A real ClickHouse server in a process of its own. */
export interface ClickHouseServer {
  /** Of its HTTP interface. */
  readonly url: string
  /** Of the native protocol, by which the nodes of a cluster talk. */
  readonly tcpPort: number
  /** The answer to a statement, tab-separated. @throws Error with what the server says. */
  ask(statement: string, settings?: Readonly<Record<string, string>>): Promise<string>
  stop(): Promise<void>
}

/** Two free ports of the loopback interface, free until somebody takes them. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

/**
 * Starts as many servers as a cluster `test` has shards, below `path`. One is no cluster.
 *
 * @param users users besides `default`, in XML: it is the only store of users that this server has.
 */
export async function clickHouseServers(path: string, count = 1, users = ''): Promise<ClickHouseServer[]> {
  const ports = await freePorts(count * 2)
  const nodes = Array.from({ length: count }, (_, i) => ({ tcp: ports[2 * i] ?? 0, http: ports[2 * i + 1] ?? 0 }))
  const shards = nodes.map(
    ({ tcp }) =>
      `<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>${tcp}</port></replica></shard>`,
  )
  return await Promise.all(
    nodes.map((node, i) => startServer(join(path, `node-${i + 1}`), node, shards.join(''), users)),
  )
}

async function startServer(
  folder: string,
  { tcp, http }: { tcp: number; http: number },
  shards: string,
  users: string,
): Promise<ClickHouseServer> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'users.xml'), usersXml(users))
  await writeFile(
    join(folder, 'config.xml'),
    `<clickhouse>
<logger><level>none</level></logger>
<tcp_port>${tcp}</tcp_port><http_port>${http}</http_port><listen_host>127.0.0.1</listen_host>
<remote_servers><test>${shards}</test></remote_servers>
<user_directories><users_xml><path>${join(folder, 'users.xml')}</path></users_xml></user_directories>
</clickhouse>
`,
  )
  const statements = `SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; SELECT count() FROM file('stdin', 'LineAsString')`
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, `clickhouse-process${extname(import.meta.filename)}`),
      `--path=${join(folder, 'data')}`,
      `--config-file=${join(folder, 'config.xml')}`,
      // Its own client has nothing to tell.
      '--send_profile_events=0',
      '--progress=off',
      `--query=${statements}`,
    ],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  )
  const said = text(child.stderr)
  const url = `http://127.0.0.1:${http}`
  await listening(url, child, said)
  return {
    url,
    tcpPort: tcp,
    async ask(statement, settings = {}) {
      const response = await fetch(`${url}/?${new URLSearchParams(settings).toString()}`, {
        method: 'POST',
        body: statement,
      })
      const answer = await response.text()
      if (!response.ok) throw new Error(answer)
      return answer
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

const STARTING_TRIES = 600

async function listening(url: string, child: ChildProcess, said: Promise<string>): Promise<void> {
  for (let tries = 0; tries < STARTING_TRIES; tries++) {
    if (child.exitCode !== null) throw new Error(`the ClickHouse server ended at once: ${await said}`)
    try {
      const response = await fetch(`${url}/ping`)
      if (response.ok) return
    } catch {
      // It does not listen yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  child.kill('SIGKILL')
  throw new Error(`the ClickHouse server at ${url} does not answer: ${await said}`)
}

function usersXml(users: string): string {
  return `<clickhouse>
<profiles><default/></profiles>
<quotas><default/></quotas>
<users>
  <default>
    <password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
  </default>
  ${users}
</users>
</clickhouse>
`
}
