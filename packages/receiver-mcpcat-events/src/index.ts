export { mcpcatEventsReceiver, type McpcatEventsConfig } from './factory.js'
