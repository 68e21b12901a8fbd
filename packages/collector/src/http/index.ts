export { createHttpClient, refusal, type HttpAnswer, type HttpClient } from './http-client.js'
export { HttpError } from './http-error.js'
export {
  findIngestKey,
  ingestKeysSchema,
  requireIngestKey,
  requireKeysBeyondLoopback,
  stampProject,
  type IngestKey,
} from './ingest-keys.js'
export { createIngestServer, type IngestAnswer, type IngestProtocol } from './ingest-server.js'
export { closeServer, listen } from './listen.js'
export { createBodyReader, type BodyReader } from './request-body.js'
export {
  readTlsClient,
  readTlsServer,
  tlsClientSchema,
  tlsServerSchema,
  type TlsClientConfig,
  type TlsClientOptions,
  type TlsServerConfig,
  type TlsServerFiles,
  type TlsVersion,
} from './tls.js'
