//go:build !linux

package testpg

import "syscall"

// account is unused outside Linux: the server runs as the user of the test.
type account struct{}

func serverAccount() (*account, error) { return nil, nil }

func (a *account) attributes() *syscall.SysProcAttr { return nil }

func (a *account) own(string) error { return nil }
