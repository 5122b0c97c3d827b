// Sample is a plug-in program on sigstore's own helper package for Go, as the
// sample of sigstore's sources is (which is in no module that the proxy has): an
// RSA-2048 key in a file. tests/bench_wrapper.py measures ours beside it.
package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"io"
	"os"

	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/sigstore/sigstore/pkg/signature/kms"
	"github.com/sigstore/sigstore/pkg/signature/kms/cliplugin/handler"
)

const algorithm = "rsa-2048"

type keyFile struct {
	kms.SignerVerifier // for the one method that a program never needs
	path               string
	hash               crypto.Hash
}

func (k keyFile) DefaultAlgorithm() string      { return algorithm }
func (k keyFile) SupportedAlgorithms() []string { return []string{algorithm} }

func (k keyFile) open() (*rsa.PrivateKey, error) {
	text, err := os.ReadFile(k.path)
	if err != nil {
		return nil, err
	}
	key, err := cryptoutils.UnmarshalPEMToPrivateKey(text, cryptoutils.SkipPassword)
	if err != nil {
		return nil, err
	}
	if key, ok := key.(*rsa.PrivateKey); ok {
		return key, nil
	}
	return nil, fmt.Errorf("%s: not an RSA key", k.path)
}

func (k keyFile) CreateKey(_ context.Context, wanted string) (crypto.PublicKey, error) {
	if wanted != algorithm {
		return nil, fmt.Errorf("unknown algorithm %s", wanted)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	text, err := cryptoutils.MarshalPrivateKeyToPEM(key)
	if err != nil {
		return nil, err
	}
	return key.Public(), os.WriteFile(k.path, text, 0o600)
}

func (k keyFile) PublicKey(...signature.PublicKeyOption) (crypto.PublicKey, error) {
	key, err := k.open()
	if err != nil {
		return nil, err
	}
	return key.Public(), nil
}

func (k keyFile) SignMessage(message io.Reader, options ...signature.SignOption) ([]byte, error) {
	key, err := k.open()
	if err != nil {
		return nil, err
	}
	signer, err := signature.LoadRSAPKCS1v15Signer(key, k.hash)
	if err != nil {
		return nil, err
	}
	return signer.SignMessage(message, options...)
}

func (k keyFile) VerifySignature(given, message io.Reader, options ...signature.VerifyOption) error {
	key, err := k.open()
	if err != nil {
		return err
	}
	verifier, err := signature.LoadRSAPKCS1v15Verifier(&key.PublicKey, k.hash)
	if err != nil {
		return err
	}
	return verifier.VerifySignature(given, message, options...)
}

func main() {
	arguments, err := handler.GetPluginArgs(os.Args)
	if err != nil {
		_ = handler.WriteErrorResponse(os.Stdout, err)
		os.Exit(1)
	}
	key := keyFile{path: arguments.InitOptions.KeyResourceID, hash: arguments.InitOptions.HashFunc}
	var message bytes.Buffer
	if _, err := message.ReadFrom(os.Stdin); err != nil {
		os.Exit(1)
	}
	if _, err := handler.Dispatch(os.Stdout, &message, arguments, key); err != nil {
		os.Exit(1) // Dispatch has told why
	}
}
