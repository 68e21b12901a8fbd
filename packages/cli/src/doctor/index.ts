export { runDoctor } from './run-doctor.js'
export type { DoctorOptions } from './run-doctor.js'
