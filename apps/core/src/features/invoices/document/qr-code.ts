import QRCode from 'qrcode';

import type { Pen } from './pen.js';

/** Light modules around a code, without which some readers do not find it. */
const QUIET_ZONE = 2;

/** Draws a text as a QR code with sides of `size` points: one path, sharp at any size. */
export function drawQrCode(pen: Pen, text: string, at: { x: number; y: number; size: number }): void {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const step = at.size / (modules.size + 2 * QUIET_ZONE);
  for (let row = 0; row < modules.size; row += 1) {
    for (const { from, length } of darkStretches(modules, row)) {
      pen.pdf.rect(
        at.x + (from + QUIET_ZONE) * step,
        at.y + (row + QUIET_ZONE) * step,
        length * step,
        // A hair more than a row, so that no reader sees light between two.
        step * 1.02,
      );
    }
  }
  pen.pdf.fill('#000000');
}

interface Modules {
  readonly size: number;
  get(row: number, column: number): number;
}

function darkStretches(modules: Modules, row: number): { from: number; length: number }[] {
  const stretches: { from: number; length: number }[] = [];
  for (let column = 0; column < modules.size; column += 1) {
    if (modules.get(row, column) === 0) continue;
    const last = stretches.at(-1);
    if (last && last.from + last.length === column) last.length += 1;
    else stretches.push({ from: column, length: 1 });
  }
  return stretches;
}
