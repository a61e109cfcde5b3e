import { styled } from '../output/terminal.js';
import type { Demo } from '../seed/demo-credentials.js';
import type { Operator } from '../seed/operator.js';

export interface ReadyScreen {
  url: string;
  docsUrl: string;
  mailUrl: string | null;
  /** Where fake payment providers are looked at; null when there are none. */
  fakesUrl: string | null;
  /** The page of a demo invoice that is still to be paid. */
  payUrl: string | null;
  dataDir: string;
  demo: Demo;
  /** Who sees to the platform's plans; null where it bills nobody. */
  operator: Operator | null;
  seconds: number;
}

/** What a newcomer needs next, on one screen. */
export function readyScreen(screen: ReadyScreen, out: NodeJS.WriteStream): string {
  const { url, demo, operator } = screen;
  const bold = (text: string) => styled(out, 'bold', text);
  const dim = (text: string) => styled(out, 'dim', text);
  const link = (text: string) => styled(out, 'cyan', text);
  const row = (name: string, value: string) => `    ${dim(name.padEnd(12))} ${value}`;
  const key = '-H "Authorization: Bearer $NOVA_KEY"';
  return [
    '',
    `  ${styled(out, 'green', '●')} ${bold('NovaBilling is ready')} ${dim(`in ${screen.seconds.toFixed(1)} s`)}`,
    '',
    row('API', link(`${url}/api`)),
    row('Docs', link(screen.docsUrl)),
    row('Mail', screen.mailUrl ? link(screen.mailUrl) : 'goes out by SMTP_URL'),
    ...(screen.fakesUrl ? [row('Fakes', link(screen.fakesUrl))] : []),
    row('Data', screen.dataDir),
    '',
    row('Demo login', `${demo.email}  ${demo.password}`),
    row('Test key', bold(demo.testKey)),
    ...(operator ? [row('Operator', `${operator.email}  ${operator.password}`)] : []),
    '',
    `  ${bold('Try it')} ${dim('in another terminal')}`,
    '',
    `    export NOVA_KEY=${demo.testKey}`,
    dim('    # the demo customer’s paid invoice, and its PDF'),
    `    curl ${key} ${url}/api/invoices`,
    `    curl ${key} ${url}/api/invoices/INV-000001/pdf -o invoice.pdf`,
    ...(screen.payUrl
      ? [dim('    # an invoice to be paid, in a browser'), `    ${link(screen.payUrl)}`]
      : []),
    dim('    # a year of renewals in a moment'),
    `    curl ${key} -H "Content-Type: application/json" \\`,
    `      -d '{"to":"${aYearAhead()}"}' ${url}/api/test-clock/advance`,
    '',
    `  ${dim('Ctrl-C stops everything.')}`,
    '',
    '',
  ].join('\n');
}

function aYearAhead(): string {
  const then = new Date();
  then.setUTCFullYear(then.getUTCFullYear() + 1);
  return then.toISOString();
}
