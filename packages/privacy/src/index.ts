export { type GatedEvent, type PersonalField, personalFields } from './event.js';
export { findPersonalData, maskOf } from './find.js';
export type { PersonalData, TextContext } from './kinds.js';
export { type MaskedMessage, maskedMessage } from './masked.js';
