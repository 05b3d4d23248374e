package io.smstask.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.twilio.exception.ApiException;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A main account's credentials open its subaccounts, and not the other way round. */
final class SubaccountTest {
    private static final String MAIN = SimulatorTest.ACCOUNT;
    private static final String SUBACCOUNT = SimulatorTest.OTHER_ACCOUNT;
    private static final String STRANGER = "AC00000000000000000000000000000003";

    private final TwilioSimulator twilio = TwilioSimulator.start(SimulatorOptions.of(
            new Account(MAIN, "main"), new Account(SUBACCOUNT, "sub").under(MAIN), new Account(STRANGER, "strange")));

    @AfterEach
    void stop() {
        twilio.close();
    }

    private Message send(String user, String token, String account) {
        return Message.creator(new PhoneNumber("+15558675310"), new PhoneNumber("+15005550006"), "Hello")
                .create(RedirectedClient.to(twilio.baseUrl(), user, token, account));
    }

    private void isRefused(String user, String token, String account, int status, int code) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> send(user, token, account))
                .satisfies(thrown -> {
                    assertThat(thrown.getStatusCode()).isEqualTo(status);
                    assertThat(thrown.getCode()).isEqualTo(code);
                });
    }

    @Test
    void the_main_accounts_credentials_send_for_a_subaccount() {
        assertThat(send(MAIN, "main", SUBACCOUNT).getAccountSid()).isEqualTo(SUBACCOUNT);
        assertThat(twilio.messages().get(0).accountSid()).isEqualTo(SUBACCOUNT);
    }

    @Test
    void a_subaccounts_credentials_do_not_open_the_main_account() {
        isRefused(SUBACCOUNT, "sub", MAIN, 401, 20003);
        assertThat(send(SUBACCOUNT, "sub", SUBACCOUNT).getAccountSid()).isEqualTo(SUBACCOUNT);
    }

    @Test
    void accounts_that_have_nothing_to_do_with_each_other_are_not_found() {
        isRefused(MAIN, "main", STRANGER, 404, 20404);
        isRefused(STRANGER, "strange", SUBACCOUNT, 404, 20404);
    }
}
