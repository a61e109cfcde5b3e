// Calls a fake through Flutterwave's own SDK, in a process that can reach nothing but this machine: since 1.4.0 the SDK
// reports every call to its makers. `node sdk-without-network.mjs URL PUBLIC_KEY SECRET_KEY`, calls as JSON on stdin:
// [["Transaction", "verify", {"id": 1}], …]; the answers, and the hosts that it looked for, as JSON on stdout.
import dns from 'node:dns';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

const lookedFor = new Set();
dns.lookup = (host, options, callback) => {
  lookedFor.add(host);
  const answer = typeof options === 'function' ? options : callback;
  process.nextTick(answer, Object.assign(new Error(`${host} is not to be reached`), { code: 'ENOTFOUND' }));
};

const require = createRequire(import.meta.url);
const Flutterwave = require('flutterwave-node-v3');
const [url, publicKey, secretKey] = process.argv.slice(2);
const sdk = new Flutterwave(publicKey, secretKey, `${url}/`);
const answers = [];
for (const [group, method, data] of JSON.parse(await text(process.stdin))) {
  answers.push(await sdk[group][method](data));
}
process.stdout.write(JSON.stringify({ answers, lookedFor: [...lookedFor] }), () => process.exit(0));
