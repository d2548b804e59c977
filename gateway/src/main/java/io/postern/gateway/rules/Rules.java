package io.postern.gateway.rules;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.finding.Excuse;
import io.postern.config.policy.Facts;
import io.postern.config.policy.NameList;
import io.postern.config.policy.Policy;
import io.postern.config.policy.Policy.App;
import io.postern.config.policy.Policy.Effect;
import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.Mode;
import io.postern.config.policy.Policy.Rule;
import io.postern.config.policy.Policy.When;
import io.postern.config.policy.Window;
import io.postern.config.services.ServiceAddresses;
import io.postern.config.services.ServiceClasses;
import io.postern.dns.names.Listed;
import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Written policy, ready to be asked. Immutable: a reload makes a new one and swaps it whole, so a flow is judged by
 * one version and never by halves of two.
 */
public final class Rules {

    static final int PLAIN_DNS = 53;

    private record Ready(Rule rule, Lifts lifts) {}

    private record ByAnswer(Ready ready, Conditions conditions) {}

    private final Policy policy;
    private final ServiceClasses listed;
    private final ServiceClasses classes;
    private final ServiceAddresses addresses = ServiceAddresses.shipped();
    private final List<Ready> rules;
    private final Holding holding;
    /** Places of the rules that allow. */
    private final int[] allowing;

    /** Those that may forbid a name by where its answer leads. */
    private final List<ByAnswer> byAnswer;

    private final boolean byAddress;

    private final MayHold mayAllow;
    private final Set<Window> windows;
    private final Map<String, Set<String>> groups;
    private final Map<String, RoleCheck> roles = new HashMap<>();
    private final boolean classesMatter;
    private final boolean asksFacts;

    /** By the shipped service classes. */
    public Rules(Policy policy) {
        this(policy, ServiceClasses.shipped());
    }

    /** @param listed service classes, beside which the policy has its own */
    public Rules(Policy policy, ServiceClasses listed) {
        this.policy = policy;
        this.listed = listed;
        this.classes = listed.with(policy.serviceClasses());
        Map<String, Lifts> lifts = lifts(policy);
        rules = policy.rules().stream()
                .filter(rule -> rule.effect().mode() != Mode.OFF)
                .map(rule -> new Ready(rule, lifts.getOrDefault(rule.name(), Lifts.NONE)))
                .toList();
        holding = new Holding(rules.stream().map(Ready::rule).toList(), policy.lists());
        allowing = IntStream.range(0, rules.size())
                .filter(number -> Holding.excuses(rules.get(number).rule))
                .toArray();
        byAnswer = rules.stream()
                .filter(ready -> !Holding.excuses(ready.rule)
                        && lists(ready.rule, policy).anyMatch(NameList::hasAliases))
                .map(ready -> new ByAnswer(ready, new Conditions(ready.rule.when(), false, policy.lists())))
                .toList();
        byAddress = byAnswer.stream()
                .anyMatch(rule -> lists(rule.ready.rule, policy).anyMatch(NameList::hasAnswers));
        mayAllow = new MayHold(
                IntStream.of(allowing)
                        .mapToObj(number -> rules.get(number).rule.when())
                        .toList(),
                policy.lists());
        windows = rules.stream()
                .flatMap(ready -> ready.rule.when().times().stream())
                .collect(Collectors.toUnmodifiableSet());
        groups = policy.groupsByDevice();
        policy.roles().forEach((name, role) -> roles.put(name, new RoleCheck(role)));
        classesMatter = policy.rules().stream()
                        .anyMatch(rule -> !rule.when().serviceClasses().isEmpty())
                || policy.roles().values().stream()
                        .anyMatch(role -> role.outside().isPresent()
                                && !role.serviceClasses().isEmpty());
        asksFacts = Stream.concat(
                        policy.rules().stream()
                                .filter(rule -> rule.effect().mode() != Mode.OFF)
                                .map(Rule::when),
                        policy.exceptions().stream().map(Exemption::scope))
                .anyMatch(when -> !when.facts().equals(Facts.NONE));
    }

    /** The exceptions, as findings ask them. */
    public List<Excuse> excuses() {
        return new Excuses(this).all();
    }

    /** Those that a device is in. */
    Set<String> groups(String device) {
        return groups.getOrDefault(device, Set.of());
    }

    /** Those of another policy, by the same service classes. */
    public Rules with(Policy other) {
        return new Rules(other, listed);
    }

    private static Map<String, Lifts> lifts(Policy policy) {
        return policy.exceptions().stream()
                .collect(Collectors.groupingBy(
                        Exemption::subject, Collectors.collectingAndThen(Collectors.toList(), Lifts::new)));
    }

    public String version() {
        return policy.version();
    }

    public Policy policy() {
        return policy;
    }

    /**
     * What the policy says of apps, in the words of detection, by the same service classes.
     *
     * @param renewal hosts that renew credentials
     */
    public WrittenRoles roles(List<String> renewal) {
        return new WrittenRoles(policy, listed, renewal);
    }

    /** Whether what is known of devices and apps can change a verdict. */
    public boolean asksFacts() {
        return asksFacts;
    }

    /** The classes of a name; for records, so it is asked once a flow. */
    public Set<String> serviceClasses(Optional<String> name) {
        return name.isPresent() ? classes.of(name.get()) : Set.of();
    }

    /** Those of an address, whatever name it is known by. */
    public Set<String> serviceClasses(InetAddress address) {
        return addresses.of(address);
    }

    /** What time means to these rules: while two moments are equal, so is every verdict. */
    public Moment moment(Instant now) {
        return new Moment(
                policy.exceptions().isEmpty() ? LocalDate.EPOCH : LocalDate.ofInstant(now, ZoneOffset.UTC),
                windows.stream().filter(window -> window.open(now)).collect(Collectors.toUnmodifiableSet()));
    }

    /**
     * The day, which ends exceptions, and the windows that are open.
     *
     * @param day in UTC, always the same when there is no exception
     */
    public record Moment(LocalDate day, Set<Window> open) {}

    /**
     * A question that will be asked again is refused only for good: what condemns must hold already, what lets pass need
     * only be possible still.
     *
     * <p>Where one UID holds several packages any of them may be the one, so the strictest that one of them would get
     * holds for all: what condemns one condemns all, and what excuses one excuses only that one.
     *
     * @param found what findings say of it
     * @param now decides which exceptions still stand, which end with their day (UTC), and which windows are open
     */
    public Decision judge(Question question, Instant now, FactSource facts, List<Match> found) {
        return question.tag().shared()
                ? Decision.strictest(question.tag().apps().stream()
                        .map(app -> judgeOne(question.of(app), now, facts, found))
                        .toList())
                : judgeOne(question, now, facts, found);
    }

    /** The same where nothing was found. */
    public Decision judge(Question question, Instant now, FactSource facts) {
        return judge(question, now, facts, List.of());
    }

    /** The same where nothing is known of devices and apps. */
    public Decision judge(Question question, Instant now) {
        return judge(question, now, FactSource.NOBODY);
    }

    /**
     * What a device may not even find: a written rule forbids the name itself, to whatever port and by whatever protocol. The
     * system asks names for apps without saying for which, so where the app is not known, or is one of several, a rule that
     * asks about apps forbids nothing here, and one with an exception that may be the app's neither: the flow is judged when
     * it comes. Nor do roles and findings speak here, which are about one app's flows.
     */
    Decision judgeName(Question question, Instant now, FactSource facts) {
        Asked asked = asked(question, now, facts);
        List<Match> matches = new ArrayList<>(2);
        for (int number : holding.to(asked)) {
            Ready ready = rules.get(number);
            if (!Holding.excuses(ready.rule) && speaksOfNames(ready, asked)) {
                matches.add(match(ready, asked, Optional.empty()));
            }
        }
        return Decision.of(matches);
    }

    /** Whether where its answer leads can change what is told. */
    boolean hearsOfAnswer(NameQuestion name) {
        return name.aliases().isEmpty() ? byAddress : !byAnswer.isEmpty();
    }

    /** What a device may not find for where the answer leads, by what {@link #judgeName} has not forbidden yet. */
    Decision judgeAnswer(NameQuestion name, Instant now, FactSource facts) {
        Asked asked = asked(name.question(), now, facts);
        return Decision.of(byAnswer.stream()
                .filter(rule -> rule.conditions.holdByAnswer(asked, name) && speaksOfNames(rule.ready, asked))
                .map(rule -> match(rule.ready, asked, Optional.empty()))
                .toList());
    }

    private static boolean speaksOfNames(Ready ready, Asked asked) {
        return (asked.question().oneApp() || !asksForApps(ready.rule.when())) && !ready.lifts.mayExcuse(asked);
    }

    /** What a rule's lists say of a name, the first that it is on. */
    Optional<Listed> listed(String rule, NameQuestion name) {
        return rules.stream()
                .map(ready -> ready.rule)
                .filter(each -> each.name().equals(rule))
                .flatMap(each -> lists(each, policy))
                .flatMap(list -> name.on(list).stream())
                .findFirst();
    }

    private static Stream<NameList> lists(Rule rule, Policy policy) {
        return rule.when().lists().stream()
                .flatMap(list -> Optional.ofNullable(policy.lists().get(list)).stream());
    }

    private static boolean asksForApps(When when) {
        Facts facts = when.facts();
        return !(when.apps().isEmpty()
                && when.categories().isEmpty()
                && when.roles().isEmpty()
                && when.approved().isEmpty()
                && facts.background().isEmpty()
                && facts.managed().isEmpty()
                && facts.newlyInstalled().isEmpty()
                && facts.justUpdated().isEmpty()
                && facts.signerChanged().isEmpty());
    }

    private Decision judgeOne(Question question, Instant now, FactSource facts, List<Match> found) {
        Asked asked = asked(question, now, facts);
        int[] held = holding.to(asked);
        Decision decision = asKnown(asked, held, found);
        if (!decision.ends() || !question.open()) {
            return decision;
        }
        Decision yet = asMayBe(asked, held, found);
        return yet.ends() ? decision : yet;
    }

    private Decision asKnown(Asked asked, int[] held, List<Match> found) {
        List<Match> matches = new ArrayList<>(2);
        matches.addAll(found);
        for (int number : held) {
            Ready ready = rules.get(number);
            matches.add(match(ready, asked, ready.lifts.first(asked)));
        }
        role(asked)
                .ifPresent(role -> role.outside(asked.question(), asked.verifiedClasses())
                        .ifPresent(effect -> matches.add(outside(asked, effect))));
        return Decision.of(matches);
    }

    private Decision asMayBe(Asked asked, int[] held, List<Match> found) {
        List<Match> matches = new ArrayList<>(2);
        matches.addAll(found);
        for (int number : held) {
            Ready ready = rules.get(number);
            Optional<Exemption> lift = ready.lifts.first(asked);
            Optional<Exemption> yet =
                    lift.isPresent() || Holding.excuses(ready.rule) ? Optional.empty() : ready.lifts.firstYet(asked);
            matches.add(
                    yet.isPresent() ? lifted(ready, ", may be excepted for ", yet.get()) : match(ready, asked, lift));
        }
        Optional<Match> outside = role(asked)
                .flatMap(role -> role.surelyOutside(asked.question(), asked.verifiedClasses()))
                .map(effect -> outside(asked, effect));
        outside.ifPresent(matches::add);
        if (outside.isPresent() || !found.isEmpty()) {
            allowedYet(asked).ifPresent(matches::add);
        }
        return Decision.of(matches);
    }

    /** The first rule that may allow it once more is known. */
    private Optional<Match> allowedYet(Asked asked) {
        OptionalInt first = mayAllow.first(asked, place -> {
            Ready ready = rules.get(allowing[place]);
            return mode(ready.rule, asked) != Mode.SHADOW
                    && ready.lifts.first(asked).isEmpty();
        });
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Rule rule = rules.get(allowing[first.getAsInt()]).rule;
        return Optional.of(
                new Match(rule.name() + ", may apply", Precedence.EXCEPTION, Action.ALLOW, mode(rule, asked)));
    }

    private Asked asked(Question question, Instant now, FactSource facts) {
        Optional<App> app = Optional.ofNullable(policy.apps().get(question.tag().app()));
        Set<String> verified = classesMatter ? verified(question) : Set.of();
        Set<String> all = classesMatter ? and(verified, serviceClasses(question.claimedName())) : Set.of();
        Set<String> memberships = groups(question.tag().device());
        return new Asked(question, app, verified, all, memberships, now, facts);
    }

    /** Where it goes is no claim, so it excuses and condemns; plain DNS to a public resolver is a matter of what it speaks. */
    private Set<String> verified(Question question) {
        Set<String> named = serviceClasses(question.verifiedName());
        return question.address().isEmpty() || question.port() == PLAIN_DNS
                ? named
                : and(named, serviceClasses(question.address().get()));
    }

    private Optional<RoleCheck> role(Asked asked) {
        return asked.app().flatMap(App::role).flatMap(name -> Optional.ofNullable(roles.get(name)));
    }

    private static Match outside(Asked asked, Effect effect) {
        String role = asked.app().flatMap(App::role).orElseThrow();
        return Match.of(Policy.ruleOf(role), Precedence.ROLE_DEFAULT, effect);
    }

    private static Match match(Ready ready, Asked asked, Optional<Exemption> lift) {
        if (lift.isPresent()) {
            return lifted(ready, ", excepted for ", lift.get());
        }
        Rule rule = ready.rule;
        Precedence rank = Holding.excuses(rule) ? Precedence.EXCEPTION : Precedence.DENY;
        return Match.of(rule.name(), rank, rule.effect()).in(mode(rule, asked));
    }

    /** Kept in the list, so that whoever asks sees the rule and what excused it. */
    private static Match lifted(Ready ready, String how, Exemption exemption) {
        return Match.of(
                ready.rule.name() + how + exemption.owner(),
                Precedence.EXCEPTION,
                new Effect(Action.ALLOW, Mode.SHADOW));
    }

    private static Mode mode(Rule rule, Asked asked) {
        return Stage.includes(rule, asked.question().tag()) ? rule.effect().mode() : Mode.SHADOW;
    }

    private static Set<String> and(Set<String> some, Set<String> more) {
        if (some.containsAll(more)) {
            return some;
        }
        Set<String> both = new HashSet<>(some);
        both.addAll(more);
        return both;
    }
}
