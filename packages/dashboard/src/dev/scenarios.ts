/** Conversations as they happen: what the demo data is made of. */

export interface Step {
  /** Pause before it, in milliseconds. */
  after: number
  method?: string
  tool?: string
  resource?: string
  prompt?: string
  ms: number
  intent?: string
  request?: unknown
  response?: unknown
  error?: { type: string; message: string; code?: number; exception?: string; stack?: string }
}

export interface Scenario {
  server: { name: string; version: string }
  steps: Step[]
}

const text = (value: string): unknown => ({ content: [{ type: 'text', text: value }] })
const json = (value: unknown): unknown => text(JSON.stringify(value, null, 2))
const failed = (value: string): unknown => ({ isError: true, content: [{ type: 'text', text: value }] })

const GITHUB = { name: 'github', version: '1.4.0' }
const ANALYTICS = { name: 'analytics-db', version: '0.9.2' }
const DOCS = { name: 'docs-search', version: '2.1.0' }
const FILES = { name: 'filesystem', version: '2026.8.31' }
const BILLING = { name: 'billing', version: '3.0.1' }

const flakyCheckout: Scenario = {
  server: GITHUB,
  steps: [
    {
      after: 3800,
      tool: 'search_issues',
      ms: 412,
      intent: 'Find out why the checkout test became flaky after the release of 12 November',
      request: { repo: 'acme/storefront', query: 'is:issue checkout flaky', sort: 'updated', per_page: 10 },
      response: json({
        total_count: 3,
        items: [
          { number: 4821, title: 'checkout.spec times out on CI', state: 'open', comments: 7 },
          { number: 4790, title: 'Flaky: cart total off by one cent', state: 'closed', comments: 12 },
          { number: 4655, title: 'Checkout e2e fails when Stripe is slow', state: 'closed', comments: 4 },
        ],
      }),
    },
    {
      after: 6100,
      tool: 'get_issue',
      ms: 188,
      intent: 'Read the newest report of the flaky checkout test',
      request: { repo: 'acme/storefront', number: 4821 },
      response: json({
        number: 4821,
        title: 'checkout.spec times out on CI',
        labels: ['flaky', 'ci'],
        author: 'mrivera',
      }),
    },
    {
      after: 4900,
      tool: 'list_commits',
      ms: 640,
      intent: 'See what changed in the payment module between the last green run and the first red one',
      request: {
        repo: 'acme/storefront',
        path: 'src/payment',
        since: '2026-11-10T00:00:00Z',
        until: '2026-11-13T00:00:00Z',
      },
      response: json([
        { sha: '8c1f02e', message: 'Retry card authorisation once', author: 'jchen' },
        { sha: '41b7d9a', message: 'Move price rounding to the cart', author: 'akowalski' },
      ]),
    },
    {
      after: 8200,
      tool: 'get_commit',
      ms: 231,
      intent: 'Look at the retry that was added to card authorisation',
      request: { repo: 'acme/storefront', sha: '8c1f02e' },
      response: json({
        sha: '8c1f02e',
        additions: 34,
        deletions: 6,
        files: ['src/payment/authorise.ts', 'src/payment/retry.ts'],
      }),
    },
    {
      after: 5200,
      resource: 'repo://acme/storefront/src/payment/retry.ts',
      ms: 96,
      response: {
        contents: [
          {
            uri: 'repo://acme/storefront/src/payment/retry.ts',
            mimeType: 'text/typescript',
            text: 'export async function once<T>(run: () => Promise<T>): Promise<T> {\n  try {\n    return await run()\n  } catch {\n    return run()\n  }\n}\n',
          },
        ],
      },
    },
    {
      after: 11_300,
      tool: 'run_workflow',
      ms: 30_012,
      intent: 'Run the checkout suite on the commit before the retry was added',
      request: {
        repo: 'acme/storefront',
        workflow: 'e2e.yml',
        ref: '41b7d9a',
        inputs: { suite: 'checkout', repeat: 20 },
      },
      response: failed('Workflow dispatch timed out after 30 s'),
      error: {
        type: 'TimeoutError',
        message: 'Workflow dispatch timed out after 30 s',
        exception: 'TimeoutError',
        stack:
          'TimeoutError: Workflow dispatch timed out after 30 s\n    at dispatch (src/workflows/dispatch.ts:48:11)\n    at async runWorkflow (src/tools/run-workflow.ts:22:18)\n    at async handleToolCall (src/server.ts:91:20)',
      },
    },
    {
      after: 2600,
      tool: 'run_workflow',
      ms: 30_009,
      intent: 'Try the checkout suite again, the first dispatch timed out',
      request: {
        repo: 'acme/storefront',
        workflow: 'e2e.yml',
        ref: '41b7d9a',
        inputs: { suite: 'checkout', repeat: 20 },
      },
      response: failed('Workflow dispatch timed out after 30 s'),
      error: {
        type: 'TimeoutError',
        message: 'Workflow dispatch timed out after 30 s',
        exception: 'TimeoutError',
        stack:
          'TimeoutError: Workflow dispatch timed out after 30 s\n    at dispatch (src/workflows/dispatch.ts:48:11)\n    at async runWorkflow (src/tools/run-workflow.ts:22:18)\n    at async handleToolCall (src/server.ts:91:20)',
      },
    },
    {
      after: 7400,
      tool: 'run_workflow',
      ms: 2140,
      intent: 'Run a smaller batch of the suite, 5 repeats instead of 20',
      request: {
        repo: 'acme/storefront',
        workflow: 'e2e.yml',
        ref: '41b7d9a',
        inputs: { suite: 'checkout', repeat: 5 },
      },
      response: json({
        run_id: 991_204_118,
        status: 'queued',
        url: 'https://github.com/acme/storefront/actions/runs/991204118',
      }),
    },
    {
      after: 742_000,
      tool: 'get_workflow_run',
      ms: 305,
      intent: 'Check whether the checkout suite passed on the older commit',
      request: { repo: 'acme/storefront', run_id: 991_204_118 },
      response: json({ run_id: 991_204_118, status: 'completed', conclusion: 'success', passed: 5, failed: 0 }),
    },
    {
      after: 9800,
      tool: 'run_workflow',
      ms: 1980,
      intent: 'Run the same suite on the commit with the retry, to confirm it is the cause',
      request: {
        repo: 'acme/storefront',
        workflow: 'e2e.yml',
        ref: '8c1f02e',
        inputs: { suite: 'checkout', repeat: 5 },
      },
      response: json({ run_id: 991_207_530, status: 'queued' }),
    },
    {
      after: 655_000,
      tool: 'get_workflow_run',
      ms: 287,
      intent: 'See the result of the suite on the commit with the retry',
      request: { repo: 'acme/storefront', run_id: 991_207_530 },
      response: json({ run_id: 991_207_530, status: 'completed', conclusion: 'failure', passed: 3, failed: 2 }),
    },
    {
      after: 14_800,
      tool: 'create_issue',
      ms: 521,
      intent: 'Report that the authorisation retry charges twice and makes the checkout test flaky',
      request: {
        repo: 'acme/storefront',
        title: 'Card authorisation is retried without an idempotency key',
        labels: ['bug', 'payments'],
        body: 'The retry added in 8c1f02e sends the authorisation again without an idempotency key.\nWith it, 2 of 5 checkout runs fail; without it, none of 5.',
      },
      response: json({ number: 4837, url: 'https://github.com/acme/storefront/issues/4837' }),
    },
    {
      after: 5600,
      tool: 'assign_issue',
      ms: 142,
      intent: 'Assign the new issue to the author of the retry',
      request: { repo: 'acme/storefront', number: 4837, assignee: 'j.chen' },
      response: failed("User 'j.chen' is not a member of acme/storefront"),
      error: { type: 'tool_error', message: "User 'j.chen' is not a member of acme/storefront" },
    },
    {
      after: 3900,
      tool: 'assign_issue',
      ms: 155,
      intent: 'Assign the new issue to jchen, as the commits spell the name',
      request: { repo: 'acme/storefront', number: 4837, assignee: 'jchen' },
      response: json({ number: 4837, assignees: ['jchen'] }),
    },
  ],
}

const churn: Scenario = {
  server: ANALYTICS,
  steps: [
    {
      after: 2900,
      tool: 'list_tables',
      ms: 61,
      intent: 'Work out which plans lost the most customers in October',
      request: { schema: 'billing' },
      response: json(['subscriptions', 'plans', 'invoices', 'cancellations']),
    },
    {
      after: 4100,
      tool: 'describe_table',
      ms: 48,
      intent: 'Learn the columns of the cancellations table before querying it',
      request: { table: 'billing.cancellations' },
      response: json({ columns: ['id', 'subscription_id', 'reason', 'cancelled_at'] }),
    },
    {
      after: 7000,
      tool: 'run_query',
      ms: 220,
      intent: 'Count cancellations by plan for October',
      request: { sql: 'SELECT plan, count() FROM billing.cancellations GROUP BY plan', limit: 100 },
      response: failed('Unknown identifier `plan` in table billing.cancellations'),
      error: { type: 'tool_error', message: 'Unknown identifier `plan` in table billing.cancellations' },
    },
    {
      after: 5300,
      tool: 'run_query',
      ms: 1840,
      intent: 'Join cancellations with subscriptions to get the plan, for October',
      request: {
        sql: 'SELECT s.plan, count() AS lost FROM billing.cancellations c JOIN billing.subscriptions s ON s.id = c.subscription_id GROUP BY s.plan ORDER BY lost DESC',
        limit: 100,
      },
      response: json([
        { plan: 'team-monthly', lost: 214 },
        { plan: 'solo', lost: 131 },
        { plan: 'team-yearly', lost: 19 },
      ]),
    },
    {
      after: 12_600,
      tool: 'render_chart',
      ms: 702,
      intent: 'Draw the three plans as bars for the weekly report',
      request: { kind: 'bar', x: 'plan', y: 'lost', title: 'Customers lost in October' },
      response: { content: [{ type: 'image', mimeType: 'image/png', data: 'iVBORw0KGgo=' }] },
    },
  ],
}

const docs: Scenario = {
  server: DOCS,
  steps: [
    {
      after: 1800,
      tool: 'search_docs',
      ms: 94,
      intent: 'Look up how webhook signatures are verified in the Python client',
      request: { query: 'verify webhook signature python', limit: 5 },
      response: json([{ title: 'Verifying webhooks', path: '/webhooks/verify' }]),
    },
    {
      after: 3300,
      resource: 'docs://webhooks/verify',
      ms: 35,
      response: {
        contents: [{ uri: 'docs://webhooks/verify', text: '# Verifying webhooks\n\nEvery delivery is signed…' }],
      },
    },
    {
      after: 9400,
      tool: 'search_docs',
      ms: 88,
      intent: 'Find the list of webhook events that carry a signature',
      request: { query: 'webhook event types', limit: 5 },
      response: json([{ title: 'Event types', path: '/webhooks/events' }]),
    },
  ],
}

const refactor: Scenario = {
  server: FILES,
  steps: [
    {
      after: 2100,
      tool: 'directory_tree',
      ms: 38,
      intent: 'Rename the user service to accounts across the backend',
      request: { path: '/srv/backend/src' },
      response: text('src/\n  users/\n    service.ts\n    routes.ts\n  index.ts'),
    },
    {
      after: 3000,
      tool: 'search_files',
      ms: 210,
      intent: 'Find every import of the user service',
      request: { path: '/srv/backend/src', pattern: 'users/service' },
      response: text('src/index.ts\nsrc/users/routes.ts\nsrc/billing/invoice.ts'),
    },
    ...['index.ts', 'users/routes.ts', 'billing/invoice.ts'].map((file): Step => ({
      after: 3600,
      tool: 'edit_file',
      ms: 17,
      intent: `Point the import in ${file} at the accounts service`,
      request: {
        path: `/srv/backend/src/${file}`,
        edits: [{ oldText: "from './users/service'", newText: "from './accounts/service'" }],
      },
      response: text('1 edit applied'),
    })),
    {
      after: 2500,
      tool: 'move_file',
      ms: 9,
      intent: 'Move the service itself to its new folder',
      request: { source: '/srv/backend/src/users', destination: '/srv/backend/src/accounts' },
      response: text('Moved'),
    },
  ],
}

const outsideRoots: Scenario = {
  server: FILES,
  steps: [
    {
      after: 1500,
      tool: 'read_text_file',
      ms: 4,
      intent: 'Read the production configuration to compare it with staging',
      request: { path: '/etc/backend/production.toml' },
      response: failed('Access denied - path outside allowed directories'),
      error: {
        type: 'tool_error',
        message: 'Access denied - path outside allowed directories: /etc/backend/production.toml not in /srv/backend',
      },
    },
    {
      after: 4100,
      tool: 'list_allowed_directories',
      ms: 2,
      intent: 'See which folders may be read',
      request: {},
      response: text('Allowed directories:\n/srv/backend'),
    },
  ],
}

const refund: Scenario = {
  server: BILLING,
  steps: [
    {
      after: 2400,
      tool: 'find_customer',
      ms: 133,
      intent: 'Refund the duplicate charge that the customer wrote about in ticket 20418',
      request: { email: 'dana@northwind.example' },
      response: json({ id: 'cus_81720', name: 'Northwind Traders', plan: 'team-yearly' }),
    },
    {
      after: 5100,
      tool: 'list_charges',
      ms: 178,
      intent: 'Find the two charges of the same amount',
      request: { customer: 'cus_81720', limit: 10 },
      response: json([
        { id: 'ch_5501', amount: 48_000, currency: 'eur' },
        { id: 'ch_5502', amount: 48_000, currency: 'eur' },
      ]),
    },
    {
      after: 9900,
      tool: 'create_refund',
      ms: 911,
      intent: 'Refund the second charge',
      request: { charge: 'ch_5502', reason: 'duplicate' },
      response: failed('Refunds above 250.00 EUR need an approval'),
      error: { type: 'approval_required', message: 'Refunds above 250.00 EUR need an approval', code: -32_042 },
    },
    {
      after: 95_000,
      tool: 'request_approval',
      ms: 240,
      intent: 'Ask the billing lead to approve the refund',
      request: { charge: 'ch_5502', amount: 48_000, approver: 'billing-lead' },
      response: json({ approval: 'apr_118', status: 'granted' }),
    },
    {
      after: 4300,
      tool: 'create_refund',
      ms: 1044,
      intent: 'Refund the second charge, now with the approval',
      request: { charge: 'ch_5502', reason: 'duplicate', approval: 'apr_118' },
      response: json({ id: 're_9917', status: 'succeeded' }),
    },
  ],
}

const review: Scenario = {
  server: GITHUB,
  steps: [
    {
      after: 2700,
      tool: 'get_pull_request',
      ms: 260,
      intent: 'Review the pull request that moves sessions to Redis',
      request: { repo: 'acme/api', number: 1207 },
      response: json({ number: 1207, title: 'Keep sessions in Redis', changed_files: 14 }),
    },
    {
      after: 4800,
      tool: 'get_pull_request_diff',
      ms: 733,
      intent: 'Read the whole diff of the pull request',
      request: { repo: 'acme/api', number: 1207 },
      response: text(
        'diff --git a/src/session.ts b/src/session.ts\n@@ -1,6 +1,9 @@\n-const sessions = new Map()\n+const sessions = redis()',
      ),
    },
    {
      after: 21_000,
      tool: 'add_review_comment',
      ms: 318,
      intent: 'Point out that session keys never expire',
      request: { repo: 'acme/api', number: 1207, path: 'src/session.ts', line: 42, body: 'These keys have no TTL.' },
      response: json({ id: 77_120_045 }),
    },
    {
      after: 8100,
      tool: 'submit_review',
      ms: 290,
      intent: 'Ask for changes before the merge',
      request: { repo: 'acme/api', number: 1207, event: 'REQUEST_CHANGES' },
      response: json({ state: 'CHANGES_REQUESTED' }),
    },
  ],
}

const browsing: Scenario = { server: DOCS, steps: [{ after: 900, method: 'resources/list', ms: 12 }] }

export type ScenarioName =
  | 'flakyCheckout'
  | 'churn'
  | 'docs'
  | 'refactor'
  | 'outsideRoots'
  | 'refund'
  | 'review'
  | 'browsing'

export const SCENARIOS: Record<ScenarioName, Scenario> = {
  flakyCheckout,
  churn,
  docs,
  refactor,
  outsideRoots,
  refund,
  review,
  browsing,
}
