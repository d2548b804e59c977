/**
 * What does it look like when it works? A small world of origins and devices around a real gateway, all on loopback: errands
 * that policy has something to say of, and weeks of a simulated fleet in which implants are hidden. Knows the gateway from
 * outside: settings, listeners, tags, facts and records; is known by the command line.
 */
@NullMarked
package io.postern.gateway.demo;

import org.jspecify.annotations.NullMarked;
