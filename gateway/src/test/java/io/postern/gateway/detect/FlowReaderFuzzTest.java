package io.postern.gateway.detect;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever a line of a flow log is, it is told, passed over or broken, the same each time, and nothing is ever thrown. */
class FlowReaderFuzzTest {

    private final FlowReader reader = new FlowReader(new FlowFacts(name -> name));

    @FuzzTest
    void readsAnything(byte[] line) {
        FlowReader.Read read = reader.read(line, 0, line.length);

        assertThat(reader.read(line, 0, line.length)).isEqualTo(read);
        if (read instanceof FlowReader.Read.Told told && told.line().isPresent()) {
            FlowLine said = told.line().get();
            assertThat(said.atMillis()).isGreaterThanOrEqualTo(said.flow().startMillis());
            assertThat(said.flow().uid()).isNotEmpty();
            assertThat(said.flow().destination().name()).isNotEmpty();
        }
        if (read instanceof FlowReader.Read.Broken broken) {
            assertThat(broken.what()).isNotEmpty().doesNotContain("\n");
        }
    }
}
