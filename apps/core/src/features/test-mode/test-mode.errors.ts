import { defineError } from '../../platform/errors/define-error.js';

export const liveMode = defineError('live_mode', 403, 'This is possible in test mode only');
export const clockCannotGoBack = defineError('clock_cannot_go_back', 409, 'The clock only goes forward');
export const clockIsAdvancing = defineError('clock_is_advancing', 409, 'The clock is being advanced already');
