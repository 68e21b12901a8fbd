import { join } from 'node:path'

/** A client as it introduces itself in `initialize`. */
export interface ClientIdentity {
  readonly name: string
  readonly version: string
  readonly title?: string
}

export type DemoServer = 'filesystem' | 'everything-stdio' | 'everything-http'

/** One request of a scenario. `intent` is what the agent says in the injected `context` argument. */
export type Step =
  | { readonly tool: string; readonly arguments: Record<string, unknown>; readonly intent: string }
  | { readonly prompt: string; readonly arguments: Record<string, string> }
  | { readonly resource: string }

/** One conversation: who talks to which server, and what is asked in order. */
export interface Scenario {
  readonly client: ClientIdentity
  readonly server: DemoServer
  readonly steps: readonly Step[]
}

const claudeDesktop: ClientIdentity = { name: 'claude-ai', version: '0.14.2', title: 'Claude Desktop' }
const claudeCode: ClientIdentity = { name: 'claude-code', version: '2.1.40' }
const cursor: ClientIdentity = { name: 'cursor-vscode', version: '2.6.0', title: 'Cursor' }
const vscode: ClientIdentity = { name: 'Visual Studio Code', version: '1.118.1' }

/** The demo's conversations, over the files of {@link demoFiles} below `folder`. Some calls are meant to fail. */
export function scenarios(folder: string): readonly Scenario[] {
  const file = (name: string): string => join(folder, name)
  return [
    {
      client: claudeCode,
      server: 'filesystem',
      steps: [
        call(
          'directory_tree',
          { path: folder },
          'Getting an overview of the repository before fixing the failing checkout test',
        ),
        call(
          'search_files',
          { path: folder, pattern: '**/*checkout*' },
          'Finding where the checkout total is computed, because the bug report says the discount is applied twice',
        ),
        call(
          'read_text_file',
          { path: file('src/checkout.ts') },
          'Reading the checkout code to see why the discount is subtracted twice',
        ),
        call(
          'read_text_file',
          { path: file('src/checkout.spec.ts') },
          'Looking for an existing test of the discount to extend',
        ),
        call(
          'read_text_file',
          { path: file('test/checkout.test.ts') },
          'The spec file was not where I expected it; trying the test folder',
        ),
        call(
          'edit_file',
          {
            path: file('src/checkout.ts'),
            edits: [{ oldText: 'subtotal - discount - discount', newText: 'subtotal - discount' }],
          },
          'Subtracting the discount once, as the bug report asks',
        ),
        call(
          'read_text_file',
          { path: file('src/checkout.ts') },
          'Checking that the edit left the rest of the function untouched',
        ),
      ],
    },
    {
      client: cursor,
      server: 'filesystem',
      steps: [
        call('list_directory', { path: folder }, 'Seeing which files exist before writing the release notes'),
        call(
          'read_text_file',
          { path: file('CHANGELOG.md') },
          'Collecting the changes since the last release for the announcement',
        ),
        call('get_file_info', { path: file('CHANGELOG.md') }, 'Checking when the changelog was last touched'),
        call(
          'write_file',
          { path: file('RELEASE-NOTES.md'), content: '# 2.4\n\nDiscounts are applied once.\n' },
          'Writing the release notes the user asked for',
        ),
      ],
    },
    {
      client: claudeDesktop,
      server: 'filesystem',
      steps: [
        call('list_allowed_directories', {}, 'Finding out which folders I may read, to look for the quarterly report'),
        call('read_text_file', { path: '/srv/reports/q3.md' }, 'Opening the quarterly report that the user mentioned'),
        call(
          'search_files',
          { path: folder, pattern: '**/*report*' },
          'That folder is not allowed; searching for the report where I have access',
        ),
        call(
          'read_text_file',
          { path: file('docs/report-q3.md') },
          'Reading the quarterly report to summarize revenue by region',
        ),
      ],
    },
    {
      client: vscode,
      server: 'everything-http',
      steps: [
        call(
          'get-structured-content',
          { location: 'New York' },
          'Checking the weather in New York before suggesting a venue for the outdoor event',
        ),
        call(
          'get-structured-content',
          { location: 'Chicago' },
          'Comparing with Chicago, the second candidate for the event',
        ),
        call('get-structured-content', { location: 'Lisbon' }, 'The user also asked about Lisbon'),
        call('get-sum', { a: 1250, b: 890 }, 'Adding venue and catering to see whether the event fits the budget'),
        { prompt: 'simple-prompt', arguments: {} },
      ],
    },
    {
      client: claudeDesktop,
      server: 'everything-http',
      steps: [
        call(
          'trigger-long-running-operation',
          { duration: 2, steps: 4 },
          'Starting the nightly import that the user wants to watch',
        ),
        call('echo', { message: 'import finished' }, 'Confirming to the user that the import has finished'),
        { resource: 'demo://resource/dynamic/text/7' },
        call(
          'get-annotated-message',
          { messageType: 'error', includeImage: false },
          'Looking up what the importer reported, to explain the two rejected rows',
        ),
      ],
    },
    {
      client: cursor,
      server: 'everything-stdio',
      steps: [
        call('get-sum', { a: 'twelve', b: 30 }, 'Adding up the invoice lines the user pasted'),
        call('get-sum', { a: 12, b: 30 }, 'The first amount was text; sending it as a number'),
        call(
          'convert-currency',
          { amount: 42, to: 'EUR' },
          'Converting the invoice total to euros for the customer in Lisbon',
        ),
        call('get-tiny-image', {}, 'Fetching the logo to put on the invoice'),
      ],
    },
    {
      client: claudeCode,
      server: 'everything-stdio',
      steps: [
        call('echo', { message: 'ping' }, 'Checking that the server answers before running the migration checklist'),
        call('get-resource-links', { count: 3 }, 'Listing the runbooks that go with the migration'),
        { resource: 'demo://resource/dynamic/text/3' },
        { prompt: 'args-prompt', arguments: { city: 'Porto', state: 'Norte' } },
      ],
    },
  ]
}

function call(tool: string, args: Record<string, unknown>, intent: string): Step {
  return { tool, arguments: args, intent }
}

/** The small project that the filesystem server is given, by relative path. */
export const demoFiles: Readonly<Record<string, string>> = {
  'README.md': '# Orchard shop\n\nA small web shop. `src/` is the code, `test/` its tests.\n',
  'CHANGELOG.md':
    '# Changelog\n\n## 2.4\n\n- Discounts are applied once.\n- Orders can be cancelled within an hour.\n\n## 2.3\n\n- Faster search.\n',
  'src/checkout.ts':
    'export function total(subtotal: number, discount: number, shipping: number): number {\n  return subtotal - discount - discount + shipping\n}\n',
  'src/cart.ts':
    'export interface Line { sku: string; quantity: number; price: number }\n\nexport const subtotal = (lines: Line[]): number =>\n  lines.reduce((sum, line) => sum + line.quantity * line.price, 0)\n',
  'test/checkout.test.ts':
    "import { total } from '../src/checkout.js'\n\nit('applies the discount once', () => expect(total(100, 10, 5)).toBe(95))\n",
  'docs/report-q3.md': '# Third quarter\n\n| region | revenue |\n| --- | --- |\n| north | 1.2 M |\n| south | 0.9 M |\n',
}
