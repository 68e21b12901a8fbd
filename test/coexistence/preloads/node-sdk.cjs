// A team's own telemetry, as OpenTelemetry's documentation has it.
const { NodeSDK } = require('@opentelemetry/sdk-node')

const sdk = new NodeSDK({ serviceName: 'the-team' })
sdk.start()
process.once('beforeExit', () => void sdk.shutdown())
