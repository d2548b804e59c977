package io.postern.analytics.attack;

/**
 * Something of an analytic that can be set.
 *
 * @param name MITRE's, verbatim
 * @param type of the value: {@code duration}, {@code number}, {@code bytes}, {@code list}, {@code boolean}, {@code policy} for
 *     what is written in policy files instead, {@code none} for what cannot be set
 * @param standard the default, as one would write it, or where it is set instead
 * @param meaning what it does here
 * @param reason for the default
 */
public record Knob(String name, String type, String standard, String meaning, String reason) {}
