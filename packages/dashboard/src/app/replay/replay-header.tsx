import type { ComponentChildren, VNode } from 'preact'
import type { Session } from '../../api/answers.js'
import { count, formatAbsolute, formatAgo, formatClock, formatDuration } from '../lib/format.js'
import { SOURCES } from '../lib/sources.js'
import { Icon } from '../parts/icon.js'
import { SourceBadge } from '../parts/source-badge.js'
import { now } from '../state/clock.js'
import { lastListUrl } from '../state/last-list.js'

export function ReplayHeader({ session }: { session: Session }): VNode {
  const { start, end, active, user, client, server, goal, firstIntent, protocolVersion, transport } = session
  return (
    <header class="replay-header">
      <div class="replay-title">
        <a class="back" href={lastListUrl.value} aria-label="Back to the sessions" title="Back to the sessions (Esc)">
          <Icon name="back" />
        </a>
        <h1 translate={false} title={goal?.name ?? firstIntent ?? undefined}>
          {goal?.name ?? firstIntent ?? <span class="absent">No intent given</span>}
        </h1>
        {active && (
          <span class="badge live">
            <span class="dot active" />
            Active
          </span>
        )}
      </div>
      <dl class="facts" translate={false}>
        <Fact name="User">
          {user ? (
            <span class="user-name">
              <Named name={user.name ?? user.id} more={user.name ? user.id : null} />
            </span>
          ) : (
            'Anonymous'
          )}
        </Fact>
        <Fact name="Client">{client ? <Named name={client.name} more={client.version} /> : 'Unknown'}</Fact>
        <Fact name="Server">{server ? <Named name={server.name} more={server.version} /> : 'Unknown'}</Fact>
        <Fact name="Started">
          <time dateTime={start} title={formatAbsolute(start)}>
            {formatClock(start, now.value)} <span class="muted">{formatAgo(start, now.value)}</span>
          </time>
        </Fact>
        <Fact name="Duration">{formatDuration(Date.parse(end) - Date.parse(start))}</Fact>
        <Fact name="Calls">
          {count(session.toolCalls, 'tool call')} <span class="muted">of {count(session.eventCount, 'event')}</span>
        </Fact>
        <Fact name="Errors">
          {session.errors > 0 ? <span class="errors">{session.errors.toLocaleString()}</span> : 'None'}
        </Fact>
        {(protocolVersion ?? transport) && (
          <Fact name="Protocol">
            <Named name={protocolVersion ?? 'Unknown'} more={transport && (TRANSPORTS[transport] ?? transport)} />
          </Fact>
        )}
      </dl>
      <Provenance session={session} />
    </header>
  )
}

/** `network.transport` of the conventions, in the words of MCP. */
const TRANSPORTS: Record<string, string> = { pipe: 'stdio', tcp: 'HTTP' }

function Fact({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Named({ name, more }: { name: string; more: string | null }): VNode {
  return (
    <>
      {name}{' '}
      {more && (
        <span class="muted more-text" title={more}>
          {more}
        </span>
      )}
    </>
  )
}

function Provenance({ session }: { session: Session }): VNode {
  const { id, source, reason, confidence, mcpSessionIds, supersedes, flags } = session
  return (
    <details class="provenance">
      <summary>
        <SourceBadge source={source} />
        <span class="provenance-why">{reason || SOURCES[source].why}</span>
        {confidence < 1 && <span class="muted">{Math.round(confidence * 100)} % confident</span>}
        {mcpSessionIds.length > 1 && <span class="muted">{mcpSessionIds.length} raw sessions merged</span>}
        {flags.map((flag) => (
          <span class="badge" key={flag.kind} title={flag.reason}>
            {flag.kind}
          </span>
        ))}
        <span class="provenance-more">
          Ids <Icon name="chevron" />
        </span>
      </summary>
      <dl class="ids" translate={false}>
        <dt>Session</dt>
        <dd>
          <code>{id}</code>
        </dd>
        <dt>Raw sessions</dt>
        <dd>
          {mcpSessionIds.length === 0 && <span class="muted">The protocol gave none</span>}
          {mcpSessionIds.map((raw) => (
            <code key={raw}>{raw}</code>
          ))}
        </dd>
        {supersedes.length > 0 && <dt>Earlier ids</dt>}
        {supersedes.length > 0 && (
          <dd>
            {supersedes.map((old) => (
              <code key={old}>{old}</code>
            ))}
          </dd>
        )}
      </dl>
    </details>
  )
}
