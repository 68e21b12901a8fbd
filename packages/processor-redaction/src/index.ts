export { redactionProcessor, type RedactionConfig } from './factory.js'
