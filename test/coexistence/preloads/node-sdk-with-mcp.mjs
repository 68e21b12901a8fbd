// A team's own telemetry that has the instrumentation in its list.
import { McpInstrumentation } from '@mcpcat/instrumentation-mcp'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ serviceName: 'the-team', instrumentations: [new McpInstrumentation()] })
sdk.start()
process.once('beforeExit', () => void sdk.shutdown())
