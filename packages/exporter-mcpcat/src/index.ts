export { mcpcatExporter, type McpcatExporterConfig } from './factory.js'
