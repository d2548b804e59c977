package io.postern.config.policy;

import io.postern.config.document.Setting;
import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.Rule;
import io.postern.config.policy.PolicyNames.Use;
import java.util.List;

/**
 * The rules and exceptions of one file, read: by far the most of a large policy. Of their text only the places are kept,
 * some 300 bytes an entry; the entries themselves are those of the policy.
 *
 * @param ruleNames where each rule's name stands
 * @param exceptionPlaces where each exception begins
 * @param uses the names they use
 */
record PolicyEntries(
        List<Rule> rules,
        List<Setting> ruleNames,
        List<Exemption> exceptions,
        List<Setting> exceptionPlaces,
        List<Use> uses) {

    PolicyEntries {
        rules = List.copyOf(rules);
        ruleNames = List.copyOf(ruleNames);
        exceptions = List.copyOf(exceptions);
        exceptionPlaces = List.copyOf(exceptionPlaces);
        uses = List.copyOf(uses);
    }
}
