package io.postern.gateway.flows;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class SharesTest {

    private final Shares<Object> shares = new Shares<>(2);

    @Test
    void nobodyTakesMoreThanItsShare() {
        assertThat(shares.take("LC01")).isTrue();
        assertThat(shares.take("LC01")).isTrue();
        assertThat(shares.take("LC01")).isFalse();
        assertThat(shares.take("LC02")).isTrue();
        shares.giveBack("LC01");
        assertThat(shares.take("LC01")).isTrue();
        assertThat(shares.take("LC01")).isFalse();
    }

    /** A host chooses its addresses within its /64 as it likes. */
    @Test
    void anIpv6HostIsOneSourceWhicheverAddressItUses() throws UnknownHostException {
        assertThat(source("2001:db8:1:2::1")).isEqualTo(source("2001:db8:1:2:ffff::9"));
        assertThat(source("2001:db8:1:2::1")).isNotEqualTo(source("2001:db8:1:3::1"));
        assertThat(source("192.0.2.1")).isNotEqualTo(source("192.0.2.2"));
        assertThat(source("::c000:201")).isNotEqualTo(source("192.0.2.1"));
    }

    private static Source source(String address) throws UnknownHostException {
        return Source.of(InetAddress.getByName(address));
    }
}
