/**
 * What kind of service is a host name? The shipped lists and what a policy adds to them.
 * Knows {@code io.postern.dns.names} for its table; is known by policy for the names of the classes and by the
 * gateway's judge.
 */
@NullMarked
package io.postern.config.services;

import org.jspecify.annotations.NullMarked;
