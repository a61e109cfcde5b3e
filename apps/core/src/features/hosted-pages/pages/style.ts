import type { BrandColors } from './brand-colors.js';

/** The style of every page. Sizes begin at a phone of 360 px; from 900 px on what is paid stands beside how. */
const STYLE = `*{box-sizing:border-box}
:root{--ink:#16202e;--soft:#525d6e;--line:#d8dde5;--paper:#fff;--ground:#f2f4f7;--good:#0f6338;--bad:#9f231d}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;overflow-wrap:anywhere}
a{color:inherit;text-underline-offset:3px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid #1a4fd6;outline-offset:2px;border-radius:4px}
h1,h2,h3,p,dl,dd,ul,ol{margin:0}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:#fff;padding:8px;z-index:1}
.test{background:#fff1c9;color:#553a00;border-bottom:1px solid #e5cf8d;text-align:center;font-size:14px;font-weight:600;padding:6px 16px}
.top{border-top:5px solid var(--brand);background:var(--paper);border-bottom:1px solid var(--line)}
.top div{max-width:1040px;margin:0 auto;padding:14px 16px;display:flex;align-items:center;gap:12px;font-weight:600}
.top img{max-height:40px;max-width:160px;display:block}
main{max-width:1040px;margin:0 auto;padding:16px;display:grid;gap:16px}
main.narrow{max-width:560px}
.card{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:20px 16px;min-width:0}
.nowrap{white-space:nowrap}.soft{color:var(--soft)}.small{font-size:14px}
h1{font-size:22px;line-height:1.3}
h1.sum{font-size:32px;line-height:1.2;font-variant-numeric:tabular-nums}
h2{font-size:17px;line-height:1.35}
.stack>*+*{margin-top:12px}.stack>h2:not(:first-child){margin-top:24px}.stack>.no-print{margin-top:20px}
.pill{display:inline-block;border-radius:99px;padding:2px 12px;font-size:14px;font-weight:600;border:1px solid currentColor}
.good{color:var(--good)}.bad{color:var(--bad)}
.note{border-left:4px solid var(--brand);background:var(--ground);padding:10px 12px;border-radius:0 6px 6px 0}
.note.bad{border-color:var(--bad);color:var(--bad);background:#fdf1f0}
.button,button{display:block;width:100%;min-height:48px;padding:11px 16px;border:1px solid var(--brand);border-radius:8px;background:var(--brand);color:var(--on-brand);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
.button.plain,button.plain{background:var(--paper);color:var(--ink);border-color:#7b8698}
button[disabled]{opacity:.6;cursor:progress}
label{display:block;font-weight:600;margin-bottom:4px}
input[type=tel],input[type=email]{display:block;width:100%;min-height:48px;padding:8px 12px;font:inherit;color:inherit;background:#fff;border:1px solid #6b7687;border-radius:8px}
input+p{margin-top:4px}
input[aria-invalid=true]{border-color:var(--bad);border-width:2px}
.check{display:flex;gap:10px;align-items:flex-start;font-weight:400}
.check input{width:22px;height:22px;margin:1px 0 0;flex:none;accent-color:var(--brand)}
details.way{border:1px solid var(--line);border-radius:8px}
details.way>summary{cursor:pointer;padding:12px;font-weight:600}
details.way[open]>summary{border-bottom:1px solid var(--line)}
details.way>div{padding:12px}.by{display:block;padding-left:18px;font-size:14px;font-weight:400;color:var(--soft)}
.lines{list-style:none;padding:0}
.lines li{display:flex;gap:16px;justify-content:space-between;padding:10px 0;border-top:1px solid var(--line)}
.lines li>div{min-width:0}
.money{font-variant-numeric:tabular-nums;white-space:nowrap;text-align:right}
.rows{display:grid;grid-template-columns:1fr auto;row-gap:4px}
.rows dd{font-variant-numeric:tabular-nums;text-align:right;padding-left:16px}
.rows .strong{font-weight:700;border-top:1px solid var(--ink);padding-top:6px;margin-top:4px}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px}
.facts dt{color:var(--soft)}.facts dd{text-align:right}
.parties{display:grid;gap:16px}
.parties p{margin:0}
.steps{padding-left:22px}.steps li+li{margin-top:6px}
footer{max-width:1040px;margin:0 auto;padding:8px 16px 32px;color:var(--soft);font-size:14px}footer.narrow{max-width:560px}
@keyframes turn{to{transform:rotate(1turn)}}
.turning{width:36px;height:36px;border-radius:50%;border:4px solid var(--line);border-top-color:var(--brand);animation:turn 1s linear infinite}
@media (prefers-reduced-motion:reduce){.turning{animation-duration:6s}}
@media (min-width:640px){.card{padding:28px}.parties{grid-template-columns:1fr 1fr}}
@media (min-width:900px){main.wide{grid-template-columns:minmax(0,1fr) 380px;align-items:start}main.wide>.pay{grid-column:2;grid-row:1}main.wide>.paper{grid-column:1;grid-row:1}}
@media print{body{background:#fff}.top,.card{border:0}.test{border:1px solid}.no-print{display:none}main{padding:0}}`;

/** The style sheet of a page in the colours of a tenant. */
export function styleOf({ brand, onBrand }: BrandColors): string {
  return `:root{--brand:${brand};--on-brand:${onBrand}}${STYLE}`;
}
