// Lints an OpenAPI document: node .ci/openapi.mjs docs/openapi.yaml
import { createConfig, lint } from "@redocly/openapi-core";

const config = await createConfig({
  extends: ["recommended-strict"],
  rules: {
    // Our schemas say themselves which fields they allow.
    "no-invalid-media-type-examples": { severity: "error", allowAdditionalProperties: true },
    // It does not look at the properties beside an `if`.
    "no-required-schema-properties-undefined": "off",
  },
});
const problems = await lint({ ref: process.argv[2], config });
for (const { ruleId, message, location } of problems) {
  console.error(`${location[0].pointer ?? location[0].source.absoluteRef}: ${message} (${ruleId})`);
}
process.exit(problems.length ? 1 : 0);
