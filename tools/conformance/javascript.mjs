// Plays the scenarios of OfficialClientConformanceTest with fal's own JavaScript client against a recording server:
//
//     node javascript.mjs BASE
//
// BASE is the recording server. The client's hosts are fixed, so its fetch is given another way: https://HOST/PATH goes to BASE/HOST/PATH.
// Before each scenario the server is told its name (POST BASE/scenario/NAME). What a scenario throws is expected by the scenario.

import { createFalClient } from "@fal-ai/client";

const base = process.argv[2];

const fal = createFalClient({
  credentials: "canary-id:canary-secret",
  suppressLocalCredentialsWarning: true,
  fetch: (url, init) => fetch(String(url).replace(/^https:\/\//, `${base}/`), init),
});

const flux = "fal-ai/flux/dev";
const input = { prompt: "a red fox", num_images: 1 };
const requestId = "764cabcf-b745-4b3e-ae38-1200304cf45b";

const scenarios = {
  run: () => fal.run(flux, { input }),
  "run-by-get": () => fal.run(flux, { method: "get", input: { prompt: "a red fox" } }),
  "run-with-start-timeout": () => fal.run(flux, { input, startTimeout: 30, storageSettings: { expiresIn: "1h" } }),
  "run-refused": () => fal.run(flux, { input }),
  submit: () => fal.queue.submit(flux, { input }),
  "submit-with-options": () =>
    fal.queue.submit(flux, {
      input,
      priority: "low",
      hint: "lora-a",
      startTimeout: 30,
      webhookUrl: "https://example.com/hook?a=b&c=d",
      storageSettings: { expiresIn: "1h" },
      headers: { "X-My-Trace": "7" },
    }),
  "submit-to-a-workflow": () => fal.queue.submit("workflows/me/flow", { input }),
  "submit-to-an-old-id": () => fal.queue.submit("123-myapp", { input }),
  "submit-where-a-gateway-is-down": () => fal.queue.submit(flux, { input }),
  "submit-where-a-gateway-gives-up": () => fal.queue.submit(flux, { input }),
  status: () => fal.queue.status(flux, { requestId }),
  "status-with-logs": () => fal.queue.status(flux, { requestId, logs: true }),
  "status-of-a-workflow": () => fal.queue.status("workflows/me/flow", { requestId }),
  "status-after-a-failure": () => fal.queue.status(flux, { requestId }),
  result: () => fal.queue.result(flux, { requestId }),
  "result-of-a-workflow": () => fal.queue.result("workflows/me/flow", { requestId }),
  "result-of-a-failed-request": () => fal.queue.result(flux, { requestId }),
  cancel: () => fal.queue.cancel(flux, { requestId }),
  "cancel-too-late": () => fal.queue.cancel(flux, { requestId }),
  subscribe: () => fal.subscribe(flux, { input, pollInterval: 1 }),
  "subscribe-by-events": () => fal.subscribe(flux, { input, mode: "streaming" }),
  stream: async () => (await fal.stream("fal-ai/any-llm", { input })).done(),
  upload: () =>
    fal.storage.upload(new File(["hello"], "hello.txt", { type: "text/plain" }), { lifecycle: { expiresIn: "1h" } }),
  "upload-in-parts": () =>
    fal.storage.upload(new File([new Uint8Array(91 * 1024 * 1024)], "large.bin", { type: "application/x-large" })),
  "submit-with-a-file": () =>
    fal.queue.submit(flux, { input: { image_url: new File(["hello"], "hello.txt", { type: "text/plain" }) } }),
};

for (const [name, play] of Object.entries(scenarios)) {
  await fetch(`${base}/scenario/${name}`, { method: "POST" });
  try {
    await play();
  } catch (error) {
    console.error(`${name}: ${error.name} ${error.status ?? ""} ${error.message}`);
  }
}
