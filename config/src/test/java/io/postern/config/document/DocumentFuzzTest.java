package io.postern.config.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.config.SettingsReader;
import io.postern.config.policy.PolicyReader;
import java.util.Optional;

/** Whatever a file holds, reading it ends with a value or with problems, each on one line, and never otherwise. */
class DocumentFuzzTest {

    @FuzzTest
    void everyFileIsReadOrRefused(byte[] bytes) {
        for (Shape shape : new Shape[] {SettingsReader.shape(), PolicyReader.shape()}) {
            Problems problems = new Problems();
            Optional<Setting> settled =
                    Yaml.read("f.yaml", bytes, problems).flatMap(root -> shape.settle(root, problems));

            assertThat(settled.isPresent() || !problems.none()).isTrue();
            assertThat(problems.sorted())
                    .allSatisfy(problem -> assertThat(problem.line()).isNotNegative());
        }
    }
}
