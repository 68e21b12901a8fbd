import type { VNode } from 'preact'
import type { Session } from '../../api/answers.js'
import { replayUrl } from '../lib/filters.js'
import { formatAbsolute, formatAgo, formatClock, formatDuration } from '../lib/format.js'
import { SourceBadge } from '../parts/source-badge.js'
import { now } from '../state/clock.js'

const SHOWN_TOOLS = 4

export function SessionTable({ sessions }: { sessions: readonly Session[] }): VNode {
  return (
    <table class="sessions">
      <thead>
        <tr>
          <th class="col-what">Session</th>
          <th class="col-user">User</th>
          <th class="col-client">Client</th>
          <th class="col-start">Started</th>
          <th class="col-duration number">Duration</th>
          <th class="col-calls number">Calls</th>
          <th class="col-errors number">Errors</th>
          <th class="col-source">Source</th>
        </tr>
      </thead>
      <tbody translate={false}>
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </tbody>
    </table>
  )
}

function SessionRow({ session }: { session: Session }): VNode {
  const { id, project, start, end, active, source, user, client, server, toolCalls, errors, tools } = session
  const headline = session.goal?.name ?? session.firstIntent
  return (
    <tr>
      <td class="col-what">
        <div class="what">
          <span class={active ? 'dot active' : 'dot'} title={active ? 'Active now' : 'Ended'}>
            {active && <span class="visually-hidden">Active</span>}
          </span>
          <a class="row-link" href={replayUrl(project, id)} title={headline ?? undefined}>
            {headline ?? <span class="absent">No intent given</span>}
          </a>
        </div>
        <div class="second tools">
          {tools.length === 0 && <span class="absent">No tool calls</span>}
          {tools.slice(0, SHOWN_TOOLS).map((tool) => (
            <code key={tool}>{tool}</code>
          ))}
          {tools.length > SHOWN_TOOLS && (
            <span title={tools.slice(SHOWN_TOOLS).join(', ')}>+{tools.length - SHOWN_TOOLS}</span>
          )}
        </div>
      </td>
      <td class="col-user">
        {user ? <div class="clip">{user.name ?? user.id}</div> : <div class="absent">Anonymous</div>}
        {user?.name && (
          <div class="second clip" title={user.id}>
            {user.id}
          </div>
        )}
      </td>
      <td class="col-client">
        {client ? (
          <div class="clip">
            {client.name} <span class="version">{client.version}</span>
          </div>
        ) : (
          <div class="absent">Unknown</div>
        )}
        {server && (
          <div class="second clip" title={`Server ${server.name} ${server.version ?? ''}`}>
            → {server.name} {server.version}
          </div>
        )}
      </td>
      <td class="col-start">
        <time dateTime={start} title={formatAbsolute(start)}>
          {formatAgo(start, now.value)}
        </time>
        <div class="second">{formatClock(start, now.value)}</div>
      </td>
      <td class="col-duration number">{formatDuration(Date.parse(end) - Date.parse(start))}</td>
      <td class="col-calls number">{toolCalls.toLocaleString()}</td>
      <td class="col-errors number">
        {errors > 0 ? <span class="errors">{errors.toLocaleString()}</span> : <span class="zero">0</span>}
      </td>
      <td class="col-source">
        <SourceBadge source={source} />
      </td>
    </tr>
  )
}
