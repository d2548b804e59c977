/** Was every buffer given back? Listens to Netty's leak detectors in every test JVM; a leak fails the build. */
@NullMarked
package io.postern.gateway.leaks;

import org.jspecify.annotations.NullMarked;
