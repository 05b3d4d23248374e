// One minified file per function: all that a cold start reads.
import { build } from "esbuild";
import { rm } from "node:fs/promises";

await rm("dist", { recursive: true, force: true });

const shared = {
  platform: "node",
  target: "node20",
  // ESM: its top-level await lets PRIME=1 finish inside the init phase, and the AWS SDK's ES modules can be shaken.
  format: "esm",
  mainFields: ["module", "main"],
  bundle: true,
  minify: true,
  legalComments: "none",
  // Node 20 is old for the AWS SDK, which would say so on every start.
  define: { "process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": '"true"' },
  // twilio and axios are CommonJS and require Node's own modules at run time.
  banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
};

await Promise.all([
  ...["send", "callback", "trivial"].map((name) =>
    build({ ...shared, entryPoints: [`src/${name}.mjs`], outfile: `dist/${name}/index.mjs` }),
  ),
  build({ ...shared, banner: {}, entryPoints: ["src/runtime.mjs"], outfile: "dist/runtime.mjs" }),
]);
