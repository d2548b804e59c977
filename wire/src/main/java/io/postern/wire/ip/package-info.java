/**
 * Where does a peer want to go, and may it? Host texts and addresses in one strict form, prefixes, the ranges that
 * are not the open internet, and the judgement of one destination. Never asks DNS and opens nothing.
 * Knows only the JDK; is known by {@code dns}, {@code config} and every stage that meets an address.
 */
@NullMarked
package io.postern.wire.ip;

import org.jspecify.annotations.NullMarked;
