/**
 * What does a device need to come through the gateway under its own name? Profiles of clients with tags in them, lists of
 * devices, and what was issued when. Knows {@code identity} for tags; is known by {@code cli}.
 */
@NullMarked
package io.postern.gateway.enrolment;

import org.jspecify.annotations.NullMarked;
