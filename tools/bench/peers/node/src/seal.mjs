// AES-256-GCM. The key stands in the callback URL only, the sealed token in the item only.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

export const newKey = () => randomBytes(32).toString("base64url");

export function seal(token, key, taskId) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(key, "base64url"), nonce).setAAD(Buffer.from(taskId));
  return Buffer.concat([nonce, cipher.update(token, "utf8"), cipher.final(), cipher.getAuthTag()]).toString("base64url");
}

/** The token; undefined where this is not the key. */
export function unseal(sealed, key, taskId) {
  const bytes = Buffer.from(sealed, "base64url");
  try {
    const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key, "base64url"), bytes.subarray(0, 12))
      .setAAD(Buffer.from(taskId))
      .setAuthTag(bytes.subarray(-16));
    return decipher.update(bytes.subarray(12, -16), undefined, "utf8") + decipher.final("utf8");
  } catch {
    return undefined;
  }
}
