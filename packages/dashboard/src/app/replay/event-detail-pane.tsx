import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { EventDetail, Session, SessionEvent } from '../../api/answers.js'
import { formatAbsolute, formatDuration, formatOffset } from '../lib/format.js'
import { methodLabel } from '../lib/methods.js'
import { CopyButton } from '../parts/copy-button.js'
import { JsonView, PlainText } from '../parts/json-view.js'
import { Section } from '../parts/section.js'
import { detailsVersion, knownDetail, loadDetail } from '../state/event-details.js'
import { Payload } from './payload.js'

interface EventDetailPaneProps {
  session: Session
  event: SessionEvent | undefined
}

export function EventDetailPane({ session, event }: EventDetailPaneProps): VNode {
  const [problem, setProblem] = useState<{ id: string; error: Error } | null>(null)
  const id = event?.id
  useEffect(() => {
    if (id === undefined) return
    loadDetail(session.project, id).then(
      () => setProblem(null),
      (error: Error) => setProblem({ id, error }),
    )
  }, [session.project, id])
  // Read, so that the pane follows what has come.
  void detailsVersion.value
  if (!event) return <section class="detail" aria-label="Event" />
  const detail = knownDetail(session.project, event.id)
  const { label, tone } = methodLabel(event.method)
  return (
    <section class="detail" aria-label="Event" tabIndex={-1}>
      <header class="detail-head" translate={false}>
        <div class="detail-title">
          <span class={`method tone-${tone}`} title={event.method}>
            {label}
          </span>
          <h2>{event.target ?? event.method}</h2>
          {detail && <CopyButton text={JSON.stringify(detail, null, 2)} label="Copy JSON" />}
        </div>
        <p class="detail-facts">
          <span class={event.isError ? 'outcome failed' : 'outcome'}>{outcome(event)}</span>
          <span>{formatDuration(event.durationMs)}</span>
          <span title={formatAbsolute(event.start)}>
            at {formatOffset(Date.parse(event.start) - Date.parse(session.start))}
          </span>
          {event.target !== null && <span>{event.method}</span>}
        </p>
      </header>
      {event.intent && (
        <Section title="Intent">
          <blockquote class="intent" translate={false}>
            {event.intent}
          </blockquote>
        </Section>
      )}
      {problem?.id === event.id && (
        <p class="problem" role="alert">
          {problem.error.message}
        </p>
      )}
      {detail && <DetailBody key={detail.id} detail={detail} />}
    </section>
  )
}

function DetailBody({ detail }: { detail: EventDetail }): VNode {
  const { error, request, response, tags, attributes, resource, links } = detail
  return (
    <>
      {error && (
        <Section title="Error">
          <div class="error-box" translate={false}>
            {error.type && <code class="error-type">{error.type}</code>}
            {error.message && <p>{error.message}</p>}
            {error.causes.map((cause, index) => (
              <p class="muted" key={index}>
                caused by {cause}
              </p>
            ))}
          </div>
          {error.stack && <PlainText text={error.stack} />}
        </Section>
      )}
      <Payload title="Request" text={request} size={detail.requestSize} />
      <Payload title="Response" text={response} size={detail.responseSize} />
      {links.length > 0 && (
        <Section title="Links">
          {links.map(({ label, url }) => (
            <a key={url} href={url} target="_blank" rel="noreferrer">
              {label}
            </a>
          ))}
        </Section>
      )}
      <Pairs title="Tags" pairs={tags} open />
      <Pairs title="Attributes" pairs={attributes} />
      <Pairs title="Resource" pairs={resource} />
      <details class="section">
        <summary>
          <h3>Raw</h3>
        </summary>
        <JsonView text={JSON.stringify(detail)} />
      </details>
    </>
  )
}

function outcome({ isError, errorType, jsonrpcCode }: SessionEvent): string {
  if (isError) return errorType ?? 'Error'
  return jsonrpcCode === null ? 'OK' : `JSON-RPC ${jsonrpcCode}`
}

function Pairs({
  title,
  pairs,
  open = false,
}: {
  title: string
  pairs: Record<string, string>
  open?: boolean
}): VNode {
  const entries = Object.entries(pairs).toSorted(([left], [right]) => left.localeCompare(right))
  if (entries.length === 0) return <></>
  return (
    <details class="section" open={open}>
      <summary>
        <h3>{title}</h3>
        <span class="muted">{entries.length}</span>
      </summary>
      <dl class="pairs" translate={false}>
        {entries.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
