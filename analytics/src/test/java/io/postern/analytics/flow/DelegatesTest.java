package io.postern.analytics.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.Delegates.Carried;
import org.junit.jupiter.api.Test;

class DelegatesTest {

    @Test
    void knowsWhoCarriesForOthers() {
        assertThat(Delegates.of("com.android.providers.downloads")).contains(Carried.DOWNLOADS);
        assertThat(Delegates.of("com.google.android.gms+com.google.android.gsf"))
                .contains(Carried.PLAY_SERVICES);
        assertThat(Delegates.of("com.acme.media+com.android.providers.media")).contains(Carried.MEDIA);
        assertThat(Delegates.of("netd")).contains(Carried.NAMES);
        assertThat(Delegates.of("com.acme.mail")).isEmpty();
        assertThat(Delegates.of("com.acme.a+com.acme.b")).isEmpty();
        assertThat(Delegates.of(AppTag.NOBODY)).isEmpty();
    }

    @Test
    void knowsThePlatformsUsersOfEveryAndroidUser() {
        assertThat(Delegates.ofUser(1_013)).contains(Carried.MEDIA);
        assertThat(Delegates.ofUser(1_001_051)).contains(Carried.NAMES);
        assertThat(Delegates.ofUser(10_123)).isEmpty();
        assertThat(Delegates.ofUser(1_010_123)).isEmpty();
    }

    @Test
    void namesThePackagesOfEverything() {
        for (Carried carried : Carried.values()) {
            assertThat(Delegates.packages(carried)).as(carried.name()).isNotEmpty();
        }
    }
}
