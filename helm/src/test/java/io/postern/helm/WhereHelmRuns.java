package io.postern.helm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests that need Helm, which helm-java brings as a native library for the usual machines; elsewhere they say so. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WhereHelmRuns.Condition.class)
@interface WhereHelmRuns {

    /** By what the machine is, not by whether the library loads: where there should be one, its lack is a failure. */
    final class Condition implements ExecutionCondition {

        private static final Set<String> HAVE_ONE =
                Set.of("linux-amd64", "linux-arm64", "mac-amd64", "mac-arm64", "windows-amd64");

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String machine = machine(System.getProperty("os.name"), System.getProperty("os.arch"));
            if (HAVE_ONE.contains(machine)) {
                return ConditionEvaluationResult.enabled(machine);
            }
            String why = "the chart is not tested: helm-java has no library for " + machine + ", only for " + HAVE_ONE;
            System.err.println(context.getDisplayName() + ": " + why);
            return ConditionEvaluationResult.disabled(why);
        }

        static String machine(String name, String arch) {
            String system = name.toLowerCase(Locale.ROOT);
            String processor =
                    switch (arch) {
                        case "x86_64", "amd64" -> "amd64";
                        case "aarch64", "arm64" -> "arm64";
                        default -> arch;
                    };
            String family = system.startsWith("mac") ? "mac" : system.startsWith("windows") ? "windows" : system;
            return family + "-" + processor;
        }
    }
}
