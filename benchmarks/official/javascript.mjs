// The same call with fal's JavaScript client, in turns as dev.fluxbridge.benchmarks.fal.Turns takes them:
//
//     node javascript.mjs BASE polling|listening MICROSECONDS
//
// Its hosts are fixed, so its fetch is given another way. It cannot download, so Node's own fetch does.

import { createFalClient } from "@fal-ai/client";
import { createInterface } from "node:readline";

const [base, mode, pause] = process.argv.slice(2);

const fal = createFalClient({
  credentials: "id:secret",
  suppressLocalCredentialsWarning: true,
  fetch: (url, init) => fetch(String(url).replace(/^https:\/\/[^/]+/, base), init),
});

const input = { prompt: "a red fox", num_images: 1 };
// Timers of Node are at least a millisecond long.
const options = mode === "listening" ? { input, mode: "streaming" } : { input, pollInterval: Number(pause) / 1000 };

async function call() {
  const { data } = await fal.subscribe("fal-ai/flux/dev", options);
  const picture = await (await fetch(data.images[0].url)).arrayBuffer();
  if (picture.byteLength <= 1 << 20) throw new Error("that was not a picture");
}

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const before = process.cpuUsage();
  const seconds = [];
  for (let i = 0; i < Number(line); i++) {
    const begin = process.hrtime.bigint();
    await call();
    seconds.push(Number(process.hrtime.bigint() - begin) / 1e9);
  }
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6 }));
}
