export type { SessionsConfig } from './factory.js'
export { sessionsProcessor } from './factory.js'
