// What is timed: the questions of the dashboard's pages, each with other values every time.
import { mulberry32 } from './traffic.js'

const DAY_MS = 86_400_000

/**
 * @param {import('@mcpcat/store').Store} store
 * @param {string} project
 * @param {number} endMs where the traffic ends, in milliseconds since the epoch
 * @param {number} days how much of it there is
 */
export async function queriesOf(store, project, endMs, days) {
  const random = mulberry32(1)
  /** A range of so many days, beginning at any time. */
  const anyRange = (length) => {
    const from = endMs - DAY_MS * (length + random() * (days - length))
    return { project, from: iso(from), to: iso(from + DAY_MS * length) }
  }
  const { items } = await store.listSessions({ project }, { limit: 200 })
  const old = await store.listSessions(anyRange(1), { limit: 200 })
  const sessions = [...items, ...old.items]
  const anySession = () => sessions[Math.floor(random() * sessions.length)]
  const events = []
  for (let i = 0; i < 40; i++) {
    const page = await store.listSessionEvents(project, anySession().id, { limit: 1 })
    events.push(...page.items.map(({ id }) => id))
  }
  const page = { limit: 50 }
  return {
    'session list, newest of all': () => store.listSessions({ project }, page),
    'session list, one day': () => store.listSessions(anyRange(1), page),
    'session list, one week, with errors, one client': () =>
      store.listSessions({ ...anyRange(7), status: 'error', client: 'cursor' }, page),
    'session list, one week, by activity': () => store.listSessions(anyRange(7), { ...page, sort: 'activity' }),
    'session list, all, by duration': () => store.listSessions({ project }, { ...page, sort: 'duration' }),
    'sessions of one user, all time': () =>
      store.listSessions({ project, user: `user-${Math.floor(random() * 5000)}` }, page),
    'session search, one day': () => store.listSessions({ ...anyRange(1), q: 'invoice differ' }, page),
    'session search, all time': () =>
      store.listSessions({ project, q: `customer ${1000 + Math.floor(random() * 8999)}` }, page),
    'one session': () => store.getSession(project, anySession().id),
    'events of one session': () => store.listSessionEvents(project, anySession().id, { limit: 200 }),
    'one event': () => store.getEvent(project, events[Math.floor(random() * events.length)]),
    'overview, 24 hours': () => store.overview(anyRange(1)),
    'overview, 24 hours, one client': () => store.overview({ ...anyRange(1), client: 'cursor' }),
    'timeseries, 24 hours': () => store.timeseries(anyRange(1)),
    'overview, 7 days': () => store.overview(anyRange(7)),
    'breakdown by client, 24 hours': () => store.breakdown(anyRange(1), 'client', 20),
    'facets, 24 hours': () => store.facets(anyRange(1), 20),
    'intents, newest of all': () => store.listIntents({ project }, page),
    'intent search, one day': () => store.listIntents({ ...anyRange(1), q: 'invoice differ' }, page),
    'intent search, all time': () =>
      store.listIntents({ project, q: `customer ${1000 + Math.floor(random() * 8999)}` }, page),
    'new and gone intents, 24 hours': () => store.intentSignals(anyRange(1), 20),
    'tools, 24 hours': () => store.listTools(anyRange(1), 100),
    'neighbours of a tool, 24 hours': () => store.toolNeighbors({ ...anyRange(1), tool: 'get_invoice' }, 20),
    'issues, 24 hours': () => store.listIssues(anyRange(1), page),
    'users, 24 hours': () => store.listUsers(anyRange(1), page),
    'missing tools, newest of all': () => store.listMissingTools({ project }, page),
    'sessions to categorize': () => store.sessionsToCategorize(project, { before: iso(endMs), limit: 100 }),
  }
}

function iso(milliseconds) {
  return new Date(milliseconds).toISOString()
}
