package io.postern.gateway.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postern.analytics.flow.AppKey;
import java.util.List;
import java.util.Optional;

/** Shows which apps are on which device, and who answers for them. */
public interface InventoryDesk {

    /**
     * One app of one profile of one device, as management told of it last.
     *
     * @param approved what the source says; absent if it does not
     * @param version version code
     * @param told when that was so
     * @param policy what policy says of the app; absent: nothing
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Installed(
            String device,
            String profile,
            String app,
            boolean managed,
            Optional<Boolean> approved,
            Optional<Long> version,
            Optional<String> versionName,
            Optional<String> signer,
            Optional<String> formerSigner,
            Optional<String> installer,
            String firstSeen,
            Optional<String> updated,
            String told,
            String source,
            Optional<Answerable> policy) {

        /** The same on a device that is called otherwise. */
        public Installed of(String name) {
            return new Installed(
                    name,
                    profile,
                    app,
                    managed,
                    approved,
                    version,
                    versionName,
                    signer,
                    formerSigner,
                    installer,
                    firstSeen,
                    updated,
                    told,
                    source,
                    policy);
        }
    }

    /** Who answers for an app, and until when. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Answerable(
            boolean approved,
            Optional<String> category,
            Optional<String> role,
            Optional<String> owner,
            Optional<String> justification,
            Optional<String> reviewBy) {}

    /**
     * What is asked for.
     *
     * @param after one that was shown before
     */
    record Query(
            Optional<String> device,
            Optional<String> profile,
            Optional<String> app,
            Optional<Boolean> managed,
            Optional<AppKey> after,
            int most) {}

    /**
     * What of the policy's approvals somebody should look at.
     *
     * @param unused approved, on no device by the inventory, and without traffic
     * @param exceeded with traffic outside what was approved
     * @param overdue to be reviewed before today
     */
    record Reports(List<Unused> unused, List<Exceeded> exceeded, List<Overdue> overdue) {}

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Unused(String app, Optional<String> owner) {}

    /**
     * @param tainted entries of the baseline that a finding or a written rule speaks against
     * @param undecided those nobody has decided, where others were approved
     * @param examples ids of some of them, never trusted
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Exceeded(String app, Optional<String> owner, int tainted, int undecided, List<String> examples) {}

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Overdue(String app, Optional<String> owner, String reviewBy) {}

    List<Installed> list(Query query);

    Reports reports();
}
