export { testContext, testHost } from './context.js'
export {
  exporterContract,
  extensionContract,
  processorContract,
  receiverContract,
  type ContractCase,
} from './contract.js'
export { memoryExporter, type MemoryExporter } from './memory-exporter.js'
export { mutate, randomNumbers, type Random } from './mutations.js'
export { recordingConsumer, type RecordingConsumer } from './recording-consumer.js'
export { samplePayload } from './sample-payload.js'
export { sampleTraces } from './sample-traces.js'
