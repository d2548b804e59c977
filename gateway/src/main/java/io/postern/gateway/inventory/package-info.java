/**
 * Which apps are on which device: what management tells, kept over restarts, and what of the policy's approvals is unused,
 * exceeded or overdue.
 * Knows the words of context and the store; is known by the pipeline and the admin API.
 */
@NullMarked
package io.postern.gateway.inventory;

import org.jspecify.annotations.NullMarked;
