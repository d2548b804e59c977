package io.postern.analytics.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.Destination;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushChannelTest {

    @ParameterizedTest
    @ValueSource(strings = {"mtalk4.google.com", "alt1-mtalk.google.com", "alt5-mtalk.google.com"})
    void isWhatFirebaseNames(String host) {
        assertThat(PushChannel.is(new Destination(host, "google.com", "", 443))).isTrue();
    }

    @Test
    void othersOfTheSameDomainAreNot() {
        assertThat(PushChannel.is(new Destination("www.google.com", "google.com", "", 443)))
                .isFalse();
        assertThat(PushChannel.is(new Destination("alt9-mtalk.google.com", "google.com", "", 443)))
                .isFalse();
    }
}
