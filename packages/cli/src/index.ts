export { components } from './components.js'
export { defaultConfig } from './default-config.js'
