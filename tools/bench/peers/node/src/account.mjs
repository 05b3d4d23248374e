// The Twilio account that the secret holds.
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const secrets = new SecretsManagerClient({});
let account;

/** Reads it once; a read that failed is repeated by the next call. */
export async function twilioAccount() {
  if (!account) {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.TWILIO_SECRET_ID }));
    account = JSON.parse(SecretString);
  }
  return account;
}
