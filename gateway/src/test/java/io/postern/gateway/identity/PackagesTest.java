package io.postern.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackagesTest {

    @Test
    void severalAreOneAppInAnyOrder() {
        assertThat(Packages.app(List.of("com.b", "com.a"))).contains("com.a+com.b");
        assertThat(Packages.app(List.of("com.a", "com.b"))).contains("com.a+com.b");
        assertThat(Packages.app(List.of("com.a"))).contains("com.a");
        assertThat(Packages.app(List.of("-"))).contains("-");
        assertThat(Packages.assurance("com.a+com.b")).isEqualTo(AppAssurance.SHARED_UID);
        assertThat(Packages.assurance("com.a")).isEqualTo(AppAssurance.DEVICE_ASSERTED);
        assertThat(Packages.assurance("-")).isEqualTo(AppAssurance.NONE);
        assertThat(new AppTag("d", "p", "com.a+com.b", DeviceAssurance.ADDRESS, AppAssurance.SHARED_UID).apps())
                .containsExactly("com.a", "com.b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,a", "a,-", "-,-", "a,", "a,b c", "a+b", "a,b+c", "a, b"})
    void whatIsNoSetOfPackagesIsNone(String packages) {
        assertThat(Packages.app(List.of(packages.split(",", -1)))).isEmpty();
    }

    @Test
    void aSetHasBounds() {
        assertThat(Packages.app(List.of())).isEmpty();
        assertThat(Packages.app(numbered(Packages.MOST, ""))).isPresent();
        assertThat(Packages.app(numbered(Packages.MOST + 1, ""))).isEmpty();
        assertThat(Packages.app(List.of("a".repeat(255)))).isPresent();
        assertThat(Packages.app(List.of("a".repeat(256)))).isEmpty();
        assertThat(Packages.app(numbered(4, "x".repeat(200)))).isPresent();
        assertThat(Packages.app(numbered(5, "x".repeat(200)))).isEmpty();
    }

    private static List<String> numbered(int count, String tail) {
        return IntStream.range(0, count)
                .mapToObj(number -> "com.a" + number + tail)
                .toList();
    }
}
