import type { VNode } from 'preact'
import { LocationProvider, Route, Router, useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { ReplayPage } from './replay/replay-page.js'
import { SessionsPage } from './sessions/sessions-page.js'
import { Nav } from './parts/nav.js'
import { lastListUrl } from './state/last-list.js'

export function App(): VNode {
  return (
    <LocationProvider>
      <div class="shell">
        <Nav />
        <main class="page" id="main">
          <Router>
            <Route path="/sessions" component={SessionsPage} />
            <Route path="/sessions/:id" component={ReplayPage} />
            <Route path="/" component={Home} />
            <Route default component={NotFound} />
          </Router>
        </main>
      </div>
    </LocationProvider>
  )
}

function Home(): null {
  const { route } = useLocation()
  useEffect(() => route('/sessions', true), [])
  return null
}

function NotFound(): VNode {
  return (
    <div class="notice">
      <h1>There is no such page</h1>
      <p>
        <a href={lastListUrl.value}>Go to the sessions</a>
      </p>
    </div>
  )
}
