import type PDFDocument from 'pdfkit';

import type { DocumentFonts, FontWeight } from './document-fonts.js';
import { runsOf, type Script, type TextRun } from './text-runs.js';

export type Pdf = InstanceType<typeof PDFDocument>;

/** A4 in points, and the frame that the content keeps to. */
export const PAGE = { width: 595.28, height: 841.89, left: 48, right: 547.28, top: 52, bottom: 782 } as const;
export const CONTENT_WIDTH = PAGE.right - PAGE.left;

export const COLORS = {
  ink: '#111827',
  text: '#374151',
  muted: '#6b7280',
  rule: '#e5e7eb',
  panel: '#f5f6f8',
  accent: '#1d4ed8',
  green: '#047857',
  greenPanel: '#e3f5ec',
  red: '#b42318',
  redPanel: '#fdeae8',
  amber: '#92400e',
  amberPanel: '#fdf3d7',
} as const;

export interface TextStyle {
  readonly font: FontWeight;
  readonly size: number;
  readonly color: string;
  /** Digits of one width, so that columns of numbers line up. */
  readonly tabular?: true;
}

export const STYLES = {
  title: { font: 'bold', size: 25, color: COLORS.ink },
  seller: { font: 'bold', size: 14, color: COLORS.ink },
  heading: { font: 'semibold', size: 9.5, color: COLORS.ink },
  body: { font: 'regular', size: 9, color: COLORS.text },
  strong: { font: 'semibold', size: 9, color: COLORS.ink },
  label: { font: 'regular', size: 8, color: COLORS.muted },
  small: { font: 'regular', size: 7.5, color: COLORS.muted },
  number: { font: 'regular', size: 9, color: COLORS.text, tabular: true },
  amount: { font: 'semibold', size: 9, color: COLORS.ink, tabular: true },
  columnHead: { font: 'semibold', size: 7.5, color: COLORS.muted },
  figure: { font: 'semibold', size: 11, color: COLORS.ink },
  due: { font: 'bold', size: 12, color: COLORS.ink, tabular: true },
} as const satisfies Record<string, TextStyle>;

/** Inter's ascent, and its ascent and descent together, in ems: where its letters stand in a line. */
const FONT_ASCENT = 0.96875;
const FONT_HEIGHT = 1.21;
const LINE_SPACING = 1.42;

export interface Pen {
  readonly pdf: Pdf;
  measure(text: string, style: TextStyle): number;
  /** One line of text; `x` is its left or its right edge, `y` the top of its line. */
  write(text: string, at: { x: number; y: number; align?: 'left' | 'right' }, style: TextStyle): void;
  rule(y: number, from?: number, to?: number): void;
}

/** How high a line of text stands. */
export function lineHeight(style: TextStyle): number {
  return style.size * LINE_SPACING;
}

/** A pen for a PDF that never breaks lines or pages by itself: the layout decides where things go. */
export function createPen(pdf: Pdf, fonts: DocumentFonts): Pen {
  for (const [script, weights] of Object.entries(fonts)) {
    for (const [weight, font] of Object.entries(weights)) {
      // The types name files and buffers only, but an opened font is taken as well.
      pdf.registerFont(`${script} ${weight}`, font as unknown as PDFKit.Mixins.PDFFontSource);
    }
  }
  const use = (script: Script, style: TextStyle) =>
    pdf.font(`${fonts[script] ? script : 'latin'} ${style.font}`).fontSize(style.size);
  const widthOf = (run: TextRun, style: TextStyle) =>
    use(run.script, style).widthOfString(run.text, featuresOf(run, style));
  const measure = (text: string, style: TextStyle) =>
    runsOf(text).reduce((width, run) => width + widthOf(run, style), 0);
  return {
    pdf,
    measure,
    write(text, { x, y, align = 'left' }, style) {
      const left = align === 'right' ? x - measure(text, style) : x;
      const baseline = y + (lineHeight(style) - style.size * FONT_HEIGHT) / 2 + style.size * FONT_ASCENT;
      const runs = runsOf(text);
      // A mark is drawn by moving back over its letter, and Arabic from its end and with its dots apart: readers that
      // copy or search are told the text itself.
      const isDrawnApart = /\p{M}/u.test(text) || runs.some(({ direction }) => direction === 'rtl');
      if (isDrawnApart) pdf.markContent('Span', { actual: text });
      let from = left;
      for (const run of runs) {
        use(run.script, style)
          .fillColor(style.color)
          .text(run.text, from, baseline, {
            lineBreak: false,
            baseline: 'alphabetic',
            ...featuresOf(run, style),
          });
        if (runs.length > 1) from += widthOf(run, style);
      }
      if (isDrawnApart) endInTextSpace(pdf);
    },
    rule(y, from = PAGE.left, to = PAGE.right) {
      pdf.lineWidth(0.75).strokeColor(COLORS.rule).moveTo(from, y).lineTo(to, y).stroke();
    },
  };
}

/** Ends marked content in the upright space that PDFKit wrote the text in: some readers place the text by it. */
function endInTextSpace(pdf: Pdf): void {
  pdf.save().transform(1, 0, 0, -1, 0, PAGE.height);
  pdf.endMarkedContent();
  pdf.restore();
}

/**
 * Digits of one width where asked for. PDFKit lays text out word by word unless features are named, and Arabic has to be
 * laid out as a whole: word by word its words would come in the wrong order.
 */
function featuresOf(
  { direction }: TextRun,
  style: TextStyle,
): { features?: PDFKit.Mixins.OpenTypeFeatures[] } {
  if (direction === 'rtl') return { features: [] };
  return style.tabular ? { features: ['tnum'] } : {};
}

/** The style, set smaller where the text would be wider than its place. */
export function fitted(pen: Pen, text: string, style: TextStyle, width: number): TextStyle {
  return { ...style, size: style.size * Math.min(1, width / pen.measure(text, style)) };
}
