package bench.naive;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The account that messages are sent with, from Secrets Manager. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TwilioAccount(@JsonProperty("AccountSid") String sid, @JsonProperty("AuthToken") String authToken) {

    /** Reads it once, when the function starts. */
    public static TwilioAccount read() {
        String secret = SecretsManagerClient.create()
                .getSecretValue(request -> request.secretId(System.getenv("TWILIO_SECRET_ID")))
                .secretString();
        try {
            return Responses.MAPPER.readValue(secret, TwilioAccount.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the secret holds no account", e);
        }
    }
}
